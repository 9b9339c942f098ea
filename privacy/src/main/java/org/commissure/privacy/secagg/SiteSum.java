package org.commissure.privacy.secagg;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import org.commissure.privacy.identity.CertificateVerifier;
import org.commissure.privacy.identity.SigningIdentity;
import org.commissure.protocol.UserError;
import org.commissure.protocol.v1.AdvertiseKeys;
import org.commissure.protocol.v1.CheckChallenge;
import org.commissure.protocol.v1.CheckEvidence;
import org.commissure.protocol.v1.MaskedHeader;
import org.commissure.protocol.v1.Roster;
import org.commissure.protocol.v1.SecureSumConfig;
import org.commissure.protocol.v1.ShareDelivery;
import org.commissure.protocol.v1.ShareEnvelope;
import org.commissure.protocol.v1.ShareHeader;
import org.commissure.protocol.v1.ShareKeys;
import org.commissure.protocol.v1.Signed;
import org.commissure.protocol.v1.SurvivorProposal;
import org.commissure.protocol.v1.SurvivorVote;
import org.commissure.protocol.v1.UnmaskRequest;
import org.jspecify.annotations.Nullable;

/**
 * One attempt at one sum, as one site lives it: the answers R1 to R5 and the secrets behind them.
 *
 * <p>Security guarantees. A site reveals, once per attempt and only after at least t survivors signed
 * the same set as itself, one of two shares for each party: the self-mask share of a survivor or the
 * key share of a dropped party. With 2t &gt; n + c no second set ever gets t votes, so no vector is
 * opened by itself.
 *
 * <p>Every step is idempotent: the same request gets the same bytes again, another request at a step
 * already answered is refused. This holds across {@link #save} and {@link #restore}, provided the
 * caller makes the saved state durable <em>before</em> it sends an answer. Not thread-safe. Memory:
 * O(parties) beside the caller's vector.
 */
public final class SiteSum {
    private final SiteSecrets secrets;
    private final SumParties parties;
    private final SigningIdentity me;
    private final int index;
    private final SecureRandom random;
    private @Nullable KeyRoster roster;

    private SiteSum(SiteSecrets secrets, SumParties parties, SigningIdentity me, int index, SecureRandom random) {
        this.secrets = secrets;
        this.parties = parties;
        this.me = me;
        this.index = index;
        this.random = random;
    }

    /**
     * Judges a configuration and makes fresh secrets for it. Whether it asks for what the site
     * accepted (sum, model, study, dimension) is the caller's to judge: see {@link #config}. Call it
     * once per attempt; after a crash, {@link #restore}.
     *
     * @param coordinatorSigning the certificate that must have signed {@code config}
     * @throws SecAggException if a signature, a certificate, the thresholds or the encoding are refused
     */
    public static SiteSum begin(
            Signed config,
            SigningIdentity me,
            X509Certificate coordinatorSigning,
            CertificateVerifier verifier,
            SiteLimits limits,
            SecureRandom random)
            throws SecAggException {
        SumParties parties = SumParties.verify(config, coordinatorSigning, verifier);
        ConfigRules.check(parties.config(), limits);
        int index = ownIndex(parties, me, Steps.CONFIG);
        byte[] keySeed = new byte[Seeds.BYTES];
        byte[] selfSeed = new byte[Seeds.BYTES];
        random.nextBytes(keySeed);
        random.nextBytes(selfSeed);
        try (SumKey key = new SumKey(keySeed, parties.configHash())) {
            Signed advertised = me.sign(AdvertiseKeys.newBuilder()
                    .setConfigHash(parties.configHash())
                    .setIndex(index)
                    .setX25519PublicKey(key.publicKeys().x25519())
                    .setMlkem768EncapsulationKey(key.publicKeys().mlKem768())
                    .build());
            return new SiteSum(
                    new SiteSecrets(config, limits, keySeed, selfSeed, advertised), parties, me, index, random);
        }
    }

    /**
     * The state behind {@link #save}, which is trusted as the site's own.
     *
     * @throws SecAggException if it is damaged, or belongs to another site's certificate
     */
    public static SiteSum restore(byte[] saved, SigningIdentity me, SecureRandom random) throws SecAggException {
        try {
            SiteSecrets secrets = SiteSecrets.decode(saved);
            SumParties parties = SumParties.alreadyVerified(secrets.config);
            SiteSum sum = new SiteSum(secrets, parties, me, ownIndex(parties, me, Steps.RESTORE), random);
            if (secrets.roster != null) {
                sum.roster = KeyRoster.alreadyVerified(parties, secrets.roster.getAdvertiseList());
            }
            return sum;
        } catch (IOException e) {
            throw new SecAggException(Steps.RESTORE, me.name(), "the saved state is damaged: " + e.getMessage());
        }
    }

    /**
     * Everything {@link #restore} needs. <strong>Contains this site's secrets and its peers'
     * shares</strong>: keep it in a file of mode 0600 and delete it when the attempt ends.
     */
    public byte[] save() {
        return secrets.encode();
    }

    /** Overwrites the secrets in memory; the object is of no use afterwards. */
    public void wipe() {
        secrets.wipe();
    }

    public SecureSumConfig config() {
        return parties.config();
    }

    /** This site's index among the parties, from 1. */
    public int index() {
        return index;
    }

    /** R1. */
    public Signed advertiseKeys() {
        return secrets.advertised;
    }

    /** R2: deals a share of both secrets to every other party of the roster. */
    public Signed shareKeys(Roster shown) throws SecAggException {
        parties.requireSum(Steps.ROSTER, shown.getSum());
        KeyRoster verified = KeyRoster.verify(parties, shown.getAdvertiseList());
        if (secrets.shared != null) {
            if (!verified.hash().equals(roster().hash())) {
                throw refused(Steps.ROSTER, "it is a second, different roster in one attempt");
            }
            return secrets.shared;
        }
        requireSites(Steps.ROSTER, verified.publicKeys().size());
        try (SumKey key = new SumKey(secrets.keySeed, parties.configHash())) {
            if (!key.publicKeys().equals(verified.publicKeys().get(index))) {
                throw refused(Steps.ROSTER, "it lacks the key that this site advertised");
            }
            SortedMap<Integer, byte[]> dealt = ShareDealing.deal(
                    secrets.keySeed, secrets.selfSeed, parties.threshold(), verified.members(), random);
            ShareHeader.Builder header = ShareHeader.newBuilder()
                    .setRosterHash(verified.hash())
                    .setIndex(index)
                    .setSelfSeedCommitment(Seeds.commitment(secrets.selfSeed, index, verified.hash()));
            ShareKeys.Builder message =
                    ShareKeys.newBuilder().setRosterHash(verified.hash()).setIndex(index);
            for (var share : dealt.entrySet()) {
                if (share.getKey() == index) {
                    secrets.ownShares = share.getValue();
                    continue;
                }
                ShareEnvelope envelope = seal(share.getValue(), key, verified, share.getKey());
                message.addTo(envelope);
                header.addEnvelopeSha256(SharerSet.digest(envelope));
                Arrays.fill(share.getValue(), (byte) 0);
            }
            secrets.roster = shown;
            roster = verified;
            secrets.shared = me.sign(message.setHeader(me.sign(header.build())).build());
            return secrets.shared;
        }
    }

    /** Towards a higher index, the same agreement also gives the pair's mask. */
    private ShareEnvelope seal(byte[] shares, SumKey key, KeyRoster keys, int to) throws SecAggException {
        try (SumKey.Agreement agreed = key.send(to, keys.publicKeys(to))) {
            if (index < to) {
                secrets.pairSeeds.put(to, Seeds.pairMask(agreed, keys.hash(), index, to));
            }
            return ShareEnvelope.newBuilder()
                    .setFrom(index)
                    .setTo(to)
                    .setMlkem768Ciphertext(agreed.ciphertext())
                    .setSealed(ShareEnvelopes.seal(shares, agreed, keys.hash(), index, to, random))
                    .build();
        } catch (InvalidKeyException e) {
            throw new SecAggException(Steps.ROSTER, parties.name(to), String.valueOf(e.getMessage()));
        }
    }

    /** Takes the shares that the others dealt; who dealt is U2 from here on. */
    public void receiveShares(ShareDelivery delivery) throws SecAggException {
        parties.requireSum(Steps.DELIVERY, delivery.getSum());
        KeyRoster keys = rosterFor(Steps.DELIVERY);
        SharerSet sharers = SharerSet.ofDelivery(keys, index, delivery);
        if (secrets.deliveryDigest != null) {
            if (!sharers.digest().equals(secrets.deliveryDigest)) {
                throw refused(Steps.DELIVERY, "it is a second, different delivery in one attempt");
            }
            return;
        }
        requireSites(Steps.DELIVERY, sharers.commitments().size());
        byte[] own = secrets.ownShares;
        if (own == null
                || secrets.shared == null
                || delivery.getHeaderList().stream()
                        .noneMatch(own(secrets.shared, ShareKeys.parser()).getHeader()::equals)) {
            throw refused(Steps.DELIVERY, "it lacks the shares that this site dealt");
        }
        secrets.shares.clear(); // of a delivery that was refused half-way
        try (SumKey key = new SumKey(secrets.keySeed, parties.configHash())) {
            for (int from : sharers.members()) {
                secrets.shares.put(from, from == index ? own.clone() : open(sharers.envelope(from, index), key, keys));
            }
        }
        secrets.deliveryDigest = sharers.digest();
    }

    /**
     * R3: masks {@code vector}, piece by piece as it is made, and writes it to {@code file} as it travels,
     * atomically and durably. Masking another vector in the same attempt is refused, for the
     * difference of the two would be bare; masking the same again rewrites the same file.
     *
     * @throws UserError if the file cannot be written
     */
    public Signed mask(PlainVector vector, Path file) throws SecAggException {
        KeyRoster keys = rosterFor(Steps.MASK);
        if (secrets.deliveryDigest == null) {
            throw refused(Steps.MASK, "it comes before the shares");
        }
        if (vector.length() != parties.config().getDimension()) {
            throw new SecAggException(
                    Steps.MASK,
                    me.name(),
                    "the vector has " + vector.length() + " elements, but the sum has "
                            + parties.config().getDimension());
        }
        Optional<ByteString> before = secrets.header == null
                ? Optional.empty()
                : Optional.of(own(secrets.header, MaskedHeader.parser()).getVectorSha256());
        ByteString sha256;
        try {
            sha256 = MaskedVectorFile.write(vector, parties.ring(), masks(keys, true), file, before);
        } catch (IOException e) {
            throw new UserError(
                    "the masked vector cannot be written to " + file + ": " + e.getMessage(),
                    "free disk space or make the folder writable, then start the agent again",
                    e);
        }
        if (secrets.header == null) {
            secrets.header = me.sign(MaskedHeader.newBuilder()
                    .setRosterHash(keys.hash())
                    .setIndex(index)
                    .setSharersBitmap(Bitmaps.of(secrets.shares.keySet(), parties.size()))
                    .setVectorSha256(sha256)
                    .setVectorBytes((long) vector.length() * parties.ring().bytes())
                    .setCheckCommitment(checkCommitment(keys))
                    .build());
        } else if (!before.equals(Optional.of(sha256))) {
            throw new SecAggException(Steps.MASK, me.name(), "it is a second, different vector in one attempt");
        }
        return secrets.header;
    }

    /** The answer of {@link #mask}, once it was given. */
    public Optional<Signed> maskedHeader() {
        return Optional.ofNullable(secrets.header);
    }

    /** R4: signs, once per attempt, whose vectors are summed. */
    public Signed vote(SurvivorProposal proposal) throws SecAggException {
        KeyRoster keys = rosterFor(Steps.PROPOSAL);
        SortedSet<Integer> sharers = new TreeSet<>(secrets.shares.keySet());
        SurvivorSet survivors = SurvivorSet.verify(keys, sharers, proposal);
        if (secrets.vote != null) {
            if (!isSame(survivors, own(secrets.vote, SurvivorVote.parser()))) {
                throw refused(Steps.PROPOSAL, "it is a second survivor set in one attempt");
            }
            return secrets.vote;
        }
        requireSites(Steps.PROPOSAL, survivors.members().size());
        Signed own = secrets.header;
        if (own == null
                || proposal.getMaskedHeaderList().stream()
                        .noneMatch(header -> header.getPayload().equals(own.getPayload()))) {
            throw refused(Steps.PROPOSAL, "it lacks the masked vector that this site uploaded");
        }
        secrets.vote = me.sign(SurvivorVote.newBuilder()
                .setRosterHash(keys.hash())
                .setIndex(index)
                .setSurvivorsBitmap(survivors.bitmap(parties.size()))
                .setHeadersSha256(survivors.headersSha256())
                .build());
        return secrets.vote;
    }

    /** R5: reveals one share for each party of U2, against at least t votes that equal its own. */
    public Signed unmask(UnmaskRequest request) throws SecAggException {
        parties.requireSum(Steps.REQUEST, request.getSum());
        KeyRoster keys = rosterFor(Steps.REQUEST);
        if (secrets.vote == null) {
            throw refused(Steps.REQUEST, "it comes before this site voted");
        }
        SurvivorVote own = own(secrets.vote, SurvivorVote.parser());
        SurvivorSet survivors = new SurvivorSet(
                Bitmaps.indices(own.getSurvivorsBitmap(), parties.size()),
                own.getHeadersSha256(),
                Collections.emptySortedMap());
        SortedSet<Integer> voters = new TreeSet<>();
        for (Signed signed : request.getVoteList()) {
            voters.add(survivors.openVote(keys, signed).getIndex());
        }
        if (voters.size() < parties.threshold()) {
            throw refused(
                    Steps.REQUEST,
                    "it shows the votes of " + voters.size() + " sites, but the threshold is " + parties.threshold());
        }
        if (secrets.unmasked == null) {
            secrets.unmasked = me.sign(ShareDealing.reveal(keys.hash(), index, secrets.shares, survivors.members()));
        }
        return secrets.unmasked;
    }

    /**
     * R7, first half: this site's part of the challenge, told only once the coordinator has committed to a sum.
     *
     * @param result R6, whose signature is the coordinator's
     */
    public Signed openCheck(Signed result) throws SecAggException {
        return check(Steps.RESULT).open(result);
    }

    /**
     * R7, second half: what this site's vector says to the challenge, hidden by pairwise masks.
     *
     * @param masked the file of {@link #mask}
     * @throws UserError if it cannot be read
     */
    public Signed proveSum(CheckChallenge challenge, Path masked) throws SecAggException {
        try {
            return check(Steps.CHALLENGE).prove(challenge, masked, masks(rosterFor(Steps.CHALLENGE), false));
        } catch (IOException e) {
            throw new UserError(
                    "the masked vector cannot be read back from " + masked + ": " + e.getMessage(),
                    "check the disk; this sum stays unchecked",
                    e);
        }
    }

    /** What the released sum must show; to be applied to it wherever and whenever it is convenient. */
    public SumVerification verification(CheckEvidence evidence) throws SecAggException {
        return check(Steps.VALUE).verification(evidence);
    }

    private SiteSumCheck check(String step) throws SecAggException {
        return new SiteSumCheck(secrets, rosterFor(step), me, index);
    }

    private ByteString checkCommitment(KeyRoster keys) {
        return parties.config().getSumCheck()
                ? SumCheck.commitment(Seeds.checkNonce(secrets.keySeed, keys.hash(), index), index, keys.hash())
                : ByteString.EMPTY;
    }

    @Override
    public String toString() {
        return "SiteSum[" + me.name() + "]";
    }

    /**
     * The self mask, and one mask with each other party of U2: lower index adds, higher subtracts.
     *
     * @param on whether to put them on, or to take them off
     */
    private List<MaskStream> masks(KeyRoster keys, boolean on) {
        List<MaskStream> masks = new ArrayList<>();
        masks.add(new MaskStream(Seeds.selfMask(secrets.selfSeed, keys.hash(), index), on));
        secrets.pairSeeds.forEach((peer, seed) -> {
            if (secrets.shares.containsKey(peer)) {
                masks.add(new MaskStream(seed.clone(), index < peer == on));
            }
        });
        return masks;
    }

    /** From a lower index, the same agreement also gives the pair's mask. */
    private byte[] open(ShareEnvelope envelope, SumKey key, KeyRoster keys) throws SecAggException {
        int from = envelope.getFrom();
        try (SumKey.Agreement agreed = key.receive(keys.publicKeys(from), envelope.getMlkem768Ciphertext())) {
            byte[] shares = ShareEnvelopes.open(envelope.getSealed(), agreed, keys.hash(), from, index);
            if (from < index) {
                secrets.pairSeeds.put(from, Seeds.pairMask(agreed, keys.hash(), from, index));
            }
            return shares;
        } catch (GeneralSecurityException e) {
            throw new SecAggException(Steps.DELIVERY, parties.name(from), "its envelope for this site does not open");
        }
    }

    private boolean isSame(SurvivorSet survivors, SurvivorVote vote) {
        return survivors.bitmap(parties.size()).equals(vote.getSurvivorsBitmap())
                && survivors.headersSha256().equals(vote.getHeadersSha256());
    }

    private static <M> M own(Signed answer, Parser<M> parser) {
        try {
            return parser.parseFrom(answer.getPayload());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("an own answer that cannot be decoded", e);
        }
    }

    private KeyRoster roster() {
        if (roster == null) {
            throw new IllegalStateException("a sum that has shared has a roster");
        }
        return roster;
    }

    private KeyRoster rosterFor(String step) throws SecAggException {
        if (roster == null) {
            throw refused(step, "it comes before the roster");
        }
        return roster;
    }

    private void requireSites(String step, int sites) throws SecAggException {
        if (sites < secrets.limits.minimumSites()) {
            throw refused(
                    step,
                    "it has " + sites + " sites, but this site's policy demands " + secrets.limits.minimumSites());
        }
    }

    private static int ownIndex(SumParties parties, SigningIdentity me, String step) throws SecAggException {
        int index = parties.indexOf(me.certificate());
        if (index == 0) {
            throw refused(step, "site '" + me.name() + "' with its present certificate is not among the parties");
        }
        return index;
    }

    private static SecAggException refused(String step, String symptom) {
        return new SecAggException(step, Steps.COORDINATOR, symptom);
    }
}
