package org.commissure.privacy.secagg;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.commissure.privacy.identity.CertificateVerifier;
import org.commissure.privacy.identity.FederationAuthority;
import org.commissure.privacy.identity.Role;
import org.commissure.privacy.identity.SigningIdentity;
import org.commissure.protocol.study.Study;
import org.commissure.protocol.v1.MaskedHeader;
import org.commissure.protocol.v1.Party;
import org.commissure.protocol.v1.Roster;
import org.commissure.protocol.v1.SecureSumConfig;
import org.commissure.protocol.v1.ShareDelivery;
import org.commissure.protocol.v1.Signed;
import org.commissure.protocol.v1.SumId;
import org.commissure.protocol.v1.SumKind;
import org.commissure.protocol.v1.SurvivorProposal;
import org.commissure.protocol.v1.UnmaskRequest;
import org.commissure.protocol.v1.UnmaskShares;

/** A federation of n sites and the honest steps of one sum, so that a test writes only what differs. */
final class SumFixture {
    /** From so many sites on, they work on all cores. */
    private static final int MANY = 20;

    static final SiteLimits LIMITS = new SiteLimits(3, 0);

    final SecureRandom random = new SecureRandom();
    final Path folder;
    final FederationAuthority authority;
    final CertificateVerifier verifier;
    final SigningIdentity coordinator;
    final List<SigningIdentity> identities = new ArrayList<>();
    final Map<Integer, SiteSum> sites = new ConcurrentSkipListMap<>();
    private final Map<Integer, ByteBuffer> dealt = new ConcurrentSkipListMap<>();
    Signed config;
    CoordinatorSum sum;

    SumFixture(Path folder, int n, int dimension) throws Exception {
        this(folder, n, dimension, config -> {});
    }

    SumFixture(Path folder, int n, int dimension, Consumer<SecureSumConfig.Builder> change) throws Exception {
        this.folder = folder;
        authority = FederationAuthority.create(folder.resolve("authority"), "test", Clock.systemUTC());
        verifier = new CertificateVerifier(authority.certificate(), Clock.systemUTC());
        coordinator = authority.issueSigning(Role.COORDINATOR, "coordinator");
        for (int index = 1; index <= n; index++) {
            identities.add(authority.issueSigning(Role.SITE, name(index)));
        }
        SecureSumConfig.Builder configured = config(dimension, 1);
        change.accept(configured);
        config = coordinator.sign(configured.build());
        sum = CoordinatorSum.of(config, coordinator.certificate(), verifier);
    }

    static String name(int index) {
        return index < 100 ? String.format("site-%02d", index) : "site-x" + index; // sorted as its index
    }

    SigningIdentity identity(int index) {
        return identities.get(index - 1);
    }

    SecureSumConfig.Builder config(int dimension, int attempt) throws Exception {
        SecureSumConfig.Builder config = SecureSumConfig.newBuilder()
                .setFederationId("test")
                .setSum(SumId.newBuilder()
                        .setRunId("run")
                        .setRound(1)
                        .setKind(SumKind.TRAIN)
                        .setAttempt(attempt))
                .setThreshold(Study.threshold(identities.size()))
                .setMaxColluders(1)
                .setRingBits(32)
                .setDimension(dimension)
                .setValueBound(1)
                .setScaleLog2(20)
                .setModelSha256(ByteString.copyFrom(new byte[32]))
                .setStudySha256(ByteString.copyFrom(new byte[32]))
                .setKeyExchange(2);
        for (SigningIdentity identity : identities) {
            config.addParty(Party.newBuilder()
                    .setSite(identity.name())
                    .setSigningCertificate(
                            ByteString.copyFrom(identity.certificate().getEncoded())));
        }
        return config;
    }

    SiteSum begin(int index, Signed signedConfig) throws SecAggException {
        return begin(index, signedConfig, LIMITS);
    }

    SiteSum begin(int index, Signed signedConfig, SiteLimits limits) throws SecAggException {
        return SiteSum.begin(signedConfig, identity(index), coordinator.certificate(), verifier, limits, random);
    }

    SiteSum site(int index) {
        SiteSum site = sites.get(index);
        if (site == null) {
            throw new IllegalStateException("site " + index + " has not begun");
        }
        return site;
    }

    /** Every site comes back from its saved state, as after a crash. */
    void restartAll() throws SecAggException {
        for (int index : List.copyOf(sites.keySet())) {
            sites.put(index, SiteSum.restore(site(index).save(), identity(index), random));
        }
    }

    private interface Work {
        void of(int index) throws SecAggException;
    }

    /** Many sites work side by side, as they would. */
    private static void each(Iterable<Integer> indices, Work work) throws SecAggException {
        List<Integer> all = new ArrayList<>();
        indices.forEach(all::add);
        if (all.size() < MANY) {
            for (int index : all) {
                work.of(index);
            }
            return;
        }
        all.parallelStream().forEach(index -> {
            try {
                work.of(index);
            } catch (SecAggException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    Roster advertise() throws SecAggException {
        Map<Integer, Signed> advertised = new ConcurrentSkipListMap<>();
        each(IntStream.rangeClosed(1, identities.size()).boxed().toList(), index -> {
            SiteSum site = begin(index, config);
            sites.put(index, site);
            advertised.put(sum.checkAdvertise(site.advertiseKeys()), site.advertiseKeys());
        });
        Roster roster = sum.roster(advertised);
        sum = sum.withRoster(roster);
        return roster;
    }

    Map<Integer, Signed> share(Roster roster, Iterable<Integer> sharers) throws SecAggException {
        Map<Integer, Signed> shared = new ConcurrentSkipListMap<>();
        each(sharers, index -> {
            Signed message = site(index).shareKeys(roster);
            dealt.put(index, outsideTheHeap(message.getPayload()));
            // As the coordinator keeps them, and as an earlier version's journal does.
            shared.put(sum.checkShareKeys(message), index % 2 == 0 ? CoordinatorSum.headerOnly(message) : message);
        });
        sum = sum.withSharers(shared, from -> requireNonNull(dealt.get(from)));
        return shared;
    }

    ShareDelivery delivery(Map<Integer, Signed> shared, int receiver) {
        return CoordinatorSum.delivery(
                sum.config().getSum(), shared, from -> requireNonNull(dealt.get(from)), receiver);
    }

    /** As the pages of a file are. */
    private static ByteBuffer outsideTheHeap(ByteString payload) {
        return ByteBuffer.allocateDirect(payload.size())
                .put(payload.asReadOnlyByteBuffer())
                .flip();
    }

    Path file(int index) {
        return folder.resolve("masked-" + index);
    }

    SurvivorProposal mask(Map<Integer, Signed> shared, Map<Integer, int[]> vectors) throws SecAggException {
        Map<Integer, PlainVector> plain = new TreeMap<>();
        vectors.forEach((index, vector) -> plain.put(index, PlainVector.of(vector)));
        return maskAll(shared, plain);
    }

    SurvivorProposal maskAll(Map<Integer, Signed> shared, Map<Integer, PlainVector> vectors) throws SecAggException {
        Map<Integer, Signed> headers = new ConcurrentSkipListMap<>();
        each(vectors.keySet(), index -> {
            site(index).receiveShares(delivery(shared, index));
            Signed header = site(index).mask(Objects.requireNonNull(vectors.get(index)), file(index));
            headers.put(sum.checkHeader(header).getIndex(), header);
        });
        SurvivorProposal proposal = sum.proposal(headers);
        sum = sum.withSurvivors(proposal);
        return proposal;
    }

    Map<Integer, Signed> vote(SurvivorProposal proposal, Iterable<Integer> voters) throws SecAggException {
        Map<Integer, Signed> votes = new ConcurrentSkipListMap<>();
        each(voters, index -> {
            Signed vote = site(index).vote(proposal);
            votes.put(sum.checkVote(vote), vote);
        });
        return votes;
    }

    /** Everybody up to the proposal of all of them as survivors. */
    SurvivorProposal untilProposal() throws SecAggException {
        Roster roster = advertise();
        Map<Integer, Signed> shared = share(roster, sites.keySet());
        return mask(shared, zeros());
    }

    /** From the proposal of {@link #mask} to the open sum, with everybody's votes and shares. */
    int[] open(SurvivorProposal proposal) throws Exception {
        return openVector(proposal).toInts();
    }

    RingVector openVector(SurvivorProposal proposal) throws Exception {
        UnmaskRequest request = sum.request(vote(proposal, sum.survivors()));
        List<UnmaskShares> answers = Collections.synchronizedList(new ArrayList<>());
        each(sum.survivors(), index -> answers.add(sum.checkUnmask(site(index).unmask(request))));
        return new Unmasker(sum, answers).removeMasks(total());
    }

    /** The survivors' masked vectors, added up. */
    MaskedSum total() throws Exception {
        MaskedSum total = sum.maskedSum();
        for (int index : sum.survivors()) {
            MaskedHeader header = sum.checkHeader(site(index).maskedHeader().orElseThrow());
            try (InputStream in = Files.newInputStream(file(index))) {
                total.add(in, header);
            }
        }
        return total;
    }

    Map<Integer, int[]> zeros() {
        Map<Integer, int[]> vectors = new TreeMap<>();
        sites.keySet()
                .forEach(index -> vectors.put(index, new int[(int) sum.config().getDimension()]));
        return vectors;
    }

    /** That {@code call} is refused with this step, this peer, and a symptom that contains the given. */
    static void assertRefused(ThrowingCallable call, String step, String peer, String symptom) {
        assertThatThrownBy(call).isInstanceOfSatisfying(SecAggException.class, refused -> {
            assertThat(refused.symptom()).contains(symptom);
            assertThat(refused.step()).isEqualTo(step);
            assertThat(refused.peer()).isEqualTo(peer);
        });
    }
}
