package org.commissure.site.round;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.commissure.privacy.audit.Actions;
import org.commissure.privacy.audit.CheckpointOffer;
import org.commissure.privacy.audit.LogEntries;
import org.commissure.privacy.audit.TransparencyLog;
import org.commissure.privacy.identity.FederationAuthority;
import org.commissure.privacy.identity.IdentityStore;
import org.commissure.privacy.identity.Role;
import org.commissure.privacy.identity.SignedMessages;
import org.commissure.privacy.identity.SigningIdentity;
import org.commissure.privacy.secagg.RingVector;
import org.commissure.protocol.study.StudyFile;
import org.commissure.protocol.v1.AdvertiseKeys;
import org.commissure.protocol.v1.CoordinatorFrame;
import org.commissure.protocol.v1.Fact;
import org.commissure.protocol.v1.LogCheckpoint;
import org.commissure.protocol.v1.LogEntry;
import org.commissure.protocol.v1.MaskedHeader;
import org.commissure.protocol.v1.Outcome;
import org.commissure.protocol.v1.Roster;
import org.commissure.protocol.v1.RoundInvitation;
import org.commissure.protocol.v1.SecureSumConfig;
import org.commissure.protocol.v1.ShareDelivery;
import org.commissure.protocol.v1.Signed;
import org.commissure.protocol.v1.SiteFrame;
import org.commissure.protocol.v1.SiteFrame.BodyCase;
import org.commissure.protocol.v1.SumId;
import org.commissure.protocol.v1.SumKind;
import org.commissure.protocol.v1.SurvivorProposal;
import org.commissure.protocol.v1.SurvivorVote;
import org.commissure.protocol.v1.WitnessWord;
import org.commissure.site.ExampleStudy;
import org.commissure.site.compute.ModelShape;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A coordinator, with colluding sites where an attack needs them, that attacks real sites in the real protocol
 * over real mutual TLS. Each attack is refused by the site, whose own log entry names the symptom, the peer and
 * the step. The sites stay; each attack is an attempt of its own.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class MaliciousCoordinatorTest {
    private static final String COORDINATOR = "coordinator";

    private final List<SiteUnderTest> sites = new ArrayList<>();
    private final StudyFile study = new ExampleStudy().file();
    private FakeCoordinator coordinator;
    private int attempts;

    @BeforeAll
    void startSites(@TempDir Path folder) throws Exception {
        coordinator = new FakeCoordinator(folder);
        float[] parameters = ModelShape.initialParameters(study.study());
        ByteBuffer bytes = ByteBuffer.allocate(parameters.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(parameters);
        coordinator.model = bytes.array();
        for (String name : List.of("A", "B", "C", "D")) {
            sites.add(new SiteUnderTest(folder, name, coordinator, 14).start());
            coordinator.awaitConnected(name);
        }
    }

    @AfterAll
    void stopSites() throws Exception {
        for (SiteUnderTest site : sites) {
            site.close();
        }
        coordinator.close();
    }

    @Test
    void attack01aSubstitutedKeyIsRefused() throws Exception {
        Conversation talk = advertised();
        AdvertiseKeys mine = AdvertiseKeys.parseFrom(talk.advertised.get(3).getPayload()).toBuilder()
                .setIndex(2)
                .build();
        assertRefused(
                roster(talk, 1, coordinator.signing.sign(mine)),
                "advertise keys",
                COORDINATOR,
                "signed with a certificate of none of the parties");
        assertRefused(
                roster(talk, 1, identity("D").sign(mine)), "advertise keys", "D", "it speaks as party 2, but is 4");
        Signed patched = talk.advertised.get(1).toBuilder()
                .setPayload(mine.toByteString())
                .build();
        assertRefused(roster(talk, 1, patched), "advertise keys", "B", "does not fit the message");
    }

    @Test
    void attack02DifferentRostersForDifferentSitesAreNoticed() throws Exception {
        Conversation talk = advertised();
        Roster three = talk.roster.toBuilder().removeAdvertise(3).build();
        coordinator.send("B", CoordinatorFrame.newBuilder().setRoster(three));
        talk.shared.add(answer("A", CoordinatorFrame.newBuilder().setRoster(talk.roster), BodyCase.SHARE_KEYS)
                .getShareKeys());
        talk.shared.add(coordinator.await("B", BodyCase.SHARE_KEYS).getShareKeys());
        for (String name : List.of("C", "D")) {
            talk.shared.add(answer(name, CoordinatorFrame.newBuilder().setRoster(talk.roster), BodyCase.SHARE_KEYS)
                    .getShareKeys());
        }
        assertRefused(talk.delivery(sites.getFirst()), "share keys", "B", "it was shown a different roster");
        assertRefused(
                CoordinatorFrame.newBuilder().setRoster(three),
                "roster",
                COORDINATOR,
                "a second, different roster in one attempt");
    }

    @Test
    void attack03NobodyIsBothDroppedAndAlive() throws Exception {
        Conversation talk = masked();
        List<Signed> votes = talk.vote(talk.proposal(talk.headers));
        // B and C collude: they sign that D was dropped, although A signed that it is alive.
        SurvivorProposal without = talk.proposal(talk.headers.subList(0, 3));
        SurvivorVote other = SurvivorVote.parseFrom(votes.get(1).getPayload()).toBuilder()
                .setSurvivorsBitmap(without.getSurvivorsBitmap())
                .build();
        assertRefused(
                CoordinatorFrame.newBuilder()
                        .setUnmaskRequest(talk.request(
                                List.of(votes.getFirst(), identity("B").sign(other), votes.get(2)))),
                "survivor vote",
                "B",
                "it voted for another survivor set");
    }

    @Test
    void attack04aSecondSurvivorSetIsRefusedAlsoAfterARestart() throws Exception {
        Conversation talk = masked();
        talk.vote(talk.proposal(talk.headers));
        CoordinatorFrame.Builder second =
                CoordinatorFrame.newBuilder().setSurvivorProposal(talk.proposal(talk.headers.subList(0, 3)));
        String symptom = "a second survivor set in one attempt";
        assertRefused(second, "survivor proposal", COORDINATOR, symptom);
        sites.getFirst().stop();
        coordinator.streams.remove("A");
        sites.getFirst().start();
        coordinator.awaitConnected("A");
        assertRefused(second, "survivor proposal", COORDINATOR, symptom);
    }

    @Test
    void attack05ThresholdOrSitesUnderTheLocalPolicyAreRefused() throws Exception {
        String step = "secure sum configuration";
        Conversation talk = invited();
        assertRefused(config(talk.config().toBuilder().setThreshold(2)), step, COORDINATOR, "its threshold is 2");
        assertRefused(
                config(talk.config().toBuilder().removeParty(3).removeParty(2)), step, COORDINATOR, "it has 2 parties");
        SiteUnderTest a = sites.getFirst();
        String policy = Files.readString(a.home.policy());
        a.policy(policy.replace("minimum_sites = 3", "minimum_sites = 4"));
        try {
            assertRefused(
                    config(talk.config().toBuilder().removeParty(3)),
                    step,
                    COORDINATOR,
                    "it has 3 parties, but this site's policy demands 4");
        } finally {
            a.policy(policy);
        }
    }

    @Test
    void attack06DifferentModelsForDifferentSitesAreNoticed() throws Exception {
        Conversation talk = invited();
        assertRefused(
                config(talk.config().toBuilder().setModelSha256(ByteString.copyFrom(new byte[32]))),
                "secure sum configuration",
                COORDINATOR,
                "it is about another model");
        // B is invited to the same sum with a model of its own, and so answers another configuration.
        talk = new Conversation(nextSum(), study, coordinator, sites);
        for (SiteUnderTest site : List.of(sites.get(0), sites.get(2), sites.get(3))) {
            talk.invite(site);
        }
        ByteString own = SignedMessages.sha256(ByteString.copyFromUtf8("a model for B only"));
        RoundInvitation alone =
                talk.invitation().toBuilder().setModelSha256(own).build();
        answer(
                "B",
                CoordinatorFrame.newBuilder().setInvitation(coordinator.signing.sign(alone)),
                BodyCase.INVITATION_REPLY);
        SecureSumConfig forAll = talk.config();
        for (SiteUnderTest site : sites) {
            SecureSumConfig.Builder shown = forAll.toBuilder();
            if (site.name.equals("B")) {
                shown.setModelSha256(own);
            }
            talk.advertised.add(
                    answer(site.name, config(shown), BodyCase.ADVERTISE_KEYS).getAdvertiseKeys());
        }
        assertRefused(
                CoordinatorFrame.newBuilder()
                        .setRoster(Roster.newBuilder().setSum(talk.sum).addAllAdvertise(talk.advertised)),
                "advertise keys",
                "B",
                "for another configuration: another round, attempt or model");
    }

    @Test
    void attack07aReplayedAttemptIsRefused() throws Exception {
        Conversation before = advertised();
        before.share();
        ShareDelivery.Builder old = before.delivery(sites.getFirst()).getShareDeliveryBuilder();
        Conversation talk = advertised();
        assertRefused(
                roster(talk, 1, before.advertised.get(1)),
                "advertise keys",
                "B",
                "for another configuration: another round, attempt or model");
        talk.share();
        assertRefused(
                CoordinatorFrame.newBuilder().setShareDelivery(old.setSum(talk.sum)),
                "share keys",
                "A",
                "it was shown a different roster, or answers another attempt");
    }

    @Test
    void attack08aLowOrderPointOrABadMlKemKeyIsRefused() throws Exception {
        Conversation talk = advertised();
        AdvertiseKeys.Builder b = AdvertiseKeys.parseFrom(talk.advertised.get(1).getPayload()).toBuilder();
        assertRefused(
                roster(
                        talk,
                        1,
                        identity("B")
                                .sign(b.clone()
                                        .setX25519PublicKey(ByteString.copyFrom(new byte[32]))
                                        .build())),
                "advertise keys",
                "B",
                "a low-order point");
        byte[] beyond = b.getMlkem768EncapsulationKey().toByteArray();
        beyond[0] = (byte) 0xff;
        beyond[1] = (byte) 0xff;
        assertRefused(
                roster(
                        talk,
                        1,
                        identity("B")
                                .sign(b.clone()
                                        .setMlkem768EncapsulationKey(ByteString.copyFrom(beyond))
                                        .build())),
                "advertise keys",
                "B",
                "a coefficient beyond the modulus");
    }

    @Test
    void attack09aForgedShareIsRefused() throws Exception {
        Conversation talk = advertised();
        talk.share();
        ShareDelivery honest = talk.delivery(sites.getFirst()).getShareDelivery();
        ShareDelivery.Builder forged = honest.toBuilder();
        byte[] sealed = forged.getEnvelope(0).getSealed().toByteArray();
        sealed[20] ^= 1;
        forged.getEnvelopeBuilder(0).setSealed(ByteString.copyFrom(sealed));
        assertRefused(
                CoordinatorFrame.newBuilder().setShareDelivery(forged),
                "share delivery",
                COORDINATOR,
                "an envelope is not the one that B signed");
        assertRefused(
                CoordinatorFrame.newBuilder()
                        .setShareDelivery(honest.toBuilder().setEnvelope(1, honest.getEnvelope(0))),
                "share delivery",
                COORDINATOR,
                "its envelopes are not one of each other site that shared");
    }

    @Test
    void attack10aConfigurationOfTheWrongLengthIsRefused() throws Exception {
        Conversation talk = invited();
        assertRefused(
                config(talk.config().toBuilder().setDimension(talk.config().getDimension() + 1)),
                "secure sum configuration",
                COORDINATOR,
                "its dimension does not fit");
    }

    @Test
    void attack11aConfigurationWhoseSumCouldOverflowIsRefused() throws Exception {
        Conversation talk = invited();
        assertRefused(
                config(talk.config().toBuilder().setScaleLog2(20)),
                "secure sum configuration",
                COORDINATOR,
                "does not fit the ring of 32-bit integers");
    }

    @Test
    void attack12FewerSurvivorsOrVotesThanTheThresholdAreRefused() throws Exception {
        Conversation talk = masked();
        assertRefused(
                CoordinatorFrame.newBuilder().setSurvivorProposal(talk.proposal(talk.headers.subList(0, 2))),
                "survivor proposal",
                COORDINATOR,
                "it has 2 survivors, but a sum needs 3");
        List<Signed> votes = talk.vote(talk.proposal(talk.headers));
        assertRefused(
                CoordinatorFrame.newBuilder().setUnmaskRequest(talk.request(votes.subList(0, 2))),
                "unmask request",
                COORDINATOR,
                "it shows the votes of 2 sites, but the threshold is 3");
    }

    @Test
    void attack13OtherVectorsThanThoseUploadedAreNotOpened() throws Exception {
        Conversation talk = masked();
        List<Signed> others = new ArrayList<>(talk.headers);
        MaskedHeader b = MaskedHeader.parseFrom(others.get(1).getPayload());
        others.set(
                1,
                identity("B")
                        .sign(b.toBuilder()
                                .setVectorSha256(SignedMessages.sha256(ByteString.copyFromUtf8("another vector")))
                                .build()));
        List<Signed> votes = talk.vote(talk.proposal(talk.headers));
        SurvivorVote aboutOthers = SurvivorVote.parseFrom(votes.get(1).getPayload()).toBuilder()
                .setHeadersSha256(SignedMessages.sha256(ByteString.copyFromUtf8("other headers")))
                .build();
        assertRefused(
                CoordinatorFrame.newBuilder().setSurvivorProposal(talk.proposal(others)),
                "survivor proposal",
                COORDINATOR,
                "a second survivor set in one attempt");
        assertRefused(
                CoordinatorFrame.newBuilder()
                        .setUnmaskRequest(
                                talk.request(List.of(votes.get(0), identity("B").sign(aboutOthers), votes.get(2)))),
                "survivor vote",
                "B",
                "it voted for other masked vectors of the same sites");
    }

    @Test
    void attack13anAlteredSumIsNoticedByEverySite() throws Exception {
        StudyFile checked = new ExampleStudy()
                .with("secure_aggregation", "sum_check", "true")
                .file();
        for (boolean honest : new boolean[] {true, false}) {
            // A run of its own: the released evaluation is the run's only one of this model.
            SumId sumId = nextSum().toBuilder().setRunId("checked-" + honest).build();
            Conversation talk = new Conversation(sumId, checked, coordinator, sites);
            coordinator.nextSum();
            talk.restartAfterEachStep = !honest;
            talk.inviteAll();
            talk.configure();
            talk.share();
            talk.deliver();
            talk.mask();
            SurvivorProposal proposal = talk.proposal(talk.headers);
            RingVector sum = talk.open(proposal, talk.vote(proposal));
            sum.set(5, sum.get(5) + (honest ? 0 : 1));
            talk.release(proposal, sum);
            for (SiteUnderTest site : sites) {
                if (honest) {
                    awaitEntry(site.name, Actions.SUM_CHECKED, Map.of("sum", "EVALUATE"), "");
                } else {
                    assertThat(coordinator
                                    .await(site.name, BodyCase.STEP_FAILED)
                                    .getStepFailed()
                                    .getReason())
                            .startsWith("sum check of coordinator: the released sum was altered");
                    awaitEntry(
                            site.name,
                            Actions.MESSAGE_REFUSED,
                            Map.of("step", "sum check", "peer", COORDINATOR),
                            "it is not the sum of what the survivors contributed");
                }
            }
        }
    }

    @Test
    void attack14aPartyOfAnotherAuthorityAndAForgedInvitationAreRefused(@TempDir Path folder) throws Exception {
        Conversation talk = invited();
        SigningIdentity stranger = FederationAuthority.create(folder.resolve("other"), "fed", Clock.systemUTC())
                .issueSigning(Role.SITE, "D");
        SecureSumConfig.Builder config = talk.config().toBuilder();
        config.getPartyBuilder(3)
                .setSigningCertificate(
                        ByteString.copyFrom(stranger.certificate().getEncoded()));
        assertRefused(config(config), "secure sum configuration", COORDINATOR, "party 'D'");

        coordinator.send(
                "A", CoordinatorFrame.newBuilder().setInvitation(identity("D").sign(talk.invitation())));
        awaitLogged("invitation", COORDINATOR, "certificate");
    }

    @Test
    void attack15aForkedOrShortenedLogAndProofsThatDoNotFitAreRefused(@TempDir Path folder) throws Exception {
        Path fork = folder.resolve("fork");
        copy(coordinator.logFolder, fork);
        try (TransparencyLog log = TransparencyLog.open(coordinator.logFolder, coordinator.logKey);
                TransparencyLog forked = TransparencyLog.open(fork, coordinator.logKey)) {
            CheckpointOffer three = grown(log, "true", 0);
            assertThat(shown(three).getCosignature()).isNotEmpty();
            assertWitnessRefuses(grown(forked, "forked", 0), "the log was forked: another one of 3 entries was seen");
            assertThat(shown(grown(log, "true", 3)).getCosignature()).isNotEmpty();
            assertWitnessRefuses(three, "the log was shortened: it has 3 entries, and this site saw 6");
            CheckpointOffer nine = grown(log, "true", 3);
            assertWitnessRefuses(new CheckpointOffer(nine.note(), 6, nine.proof()), "its proof is wrong");
            CheckpointOffer twelve = grown(log, "true", 6);
            List<byte[]> oversized = new ArrayList<>(twelve.proof());
            oversized.addAll(Collections.nCopies(1000, new byte[32]));
            assertWitnessRefuses(new CheckpointOffer(twelve.note(), 6, oversized), "its proof is wrong");
            assertThat(shown(twelve).getCosignature()).isNotEmpty();
        }
    }

    /** Three entries more, and the proof that this is a longer one of the log of {@code oldSize} entries. */
    private CheckpointOffer grown(TransparencyLog log, String detail, long oldSize) {
        Signed entry = coordinator.signing.sign(LogEntries.of(
                        Actions.SITE_INVITED, Outcome.DONE, Clock.systemUTC().instant())
                .actor(COORDINATOR)
                .detail(detail)
                .build());
        log.append(Collections.nCopies(3, entry), List.of(coordinator.signing.certificate()));
        return log.offer(oldSize);
    }

    private void assertWitnessRefuses(CheckpointOffer offer, String symptom) throws Exception {
        assertThat(shown(offer).getRefusal()).contains(symptom);
        awaitEntry("A", Actions.CHECKPOINT_REFUSED, Map.of(), symptom);
    }

    /** What the witness of A says to a checkpoint. */
    private WitnessWord shown(CheckpointOffer offer) throws Exception {
        LogCheckpoint.Builder shown =
                LogCheckpoint.newBuilder().setNote(offer.note()).setOldSize(offer.oldSize());
        offer.proof().forEach(hash -> shown.addProof(ByteString.copyFrom(hash)));
        coordinator.send("A", CoordinatorFrame.newBuilder().setLogCheckpoint(shown));
        while (true) {
            WitnessWord word = coordinator.await("A", BodyCase.WITNESS_WORD).getWitnessWord();
            if (!word.getRefusal().isEmpty() || !word.getCosignature().isEmpty()) {
                return word;
            }
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }

    private Conversation invited() throws Exception {
        Conversation talk = new Conversation(nextSum(), study, coordinator, sites);
        coordinator.nextSum();
        talk.inviteAll();
        return talk;
    }

    private Conversation advertised() throws Exception {
        Conversation talk = invited();
        talk.configure();
        return talk;
    }

    private Conversation masked() throws Exception {
        Conversation talk = advertised();
        talk.share();
        talk.deliver();
        talk.mask();
        return talk;
    }

    private SumId nextSum() {
        return SumId.newBuilder()
                .setRunId("run-1")
                .setRound(0)
                .setKind(SumKind.EVALUATE)
                .setAttempt(++attempts)
                .build();
    }

    private static CoordinatorFrame.Builder roster(Conversation talk, int position, Signed instead) {
        return CoordinatorFrame.newBuilder().setRoster(talk.roster.toBuilder().setAdvertise(position, instead));
    }

    private CoordinatorFrame.Builder config(SecureSumConfig.Builder config) {
        return CoordinatorFrame.newBuilder().setSecureSumConfig(coordinator.signing.sign(config.build()));
    }

    private SigningIdentity identity(String site) {
        return new IdentityStore(sites.get(site.charAt(0) - 'A').home.identity()).loadSigning();
    }

    private SiteFrame answer(String site, CoordinatorFrame.Builder frame, BodyCase kind) throws InterruptedException {
        coordinator.send(site, frame);
        return coordinator.await(site, kind);
    }

    /** That site A refuses the frame, says why, and has it in the log under its own signature. */
    private void assertRefused(CoordinatorFrame.Builder frame, String step, String peer, String symptom)
            throws Exception {
        coordinator.send("A", frame);
        assertThat(coordinator.await("A", BodyCase.STEP_FAILED).getStepFailed().getReason())
                .startsWith(step + " of " + peer + ": ")
                .contains(symptom);
        awaitLogged(step, peer, symptom);
    }

    private void awaitLogged(String step, String peer, String symptom) throws Exception {
        awaitEntry("A", Actions.MESSAGE_REFUSED, Map.of("step", step, "peer", peer), symptom);
    }

    /** An entry in the log under that site's own signature. */
    private void awaitEntry(String site, String action, Map<String, String> facts, String detail) throws Exception {
        X509Certificate certificate = identity(site).certificate();
        for (int i = 0; i < 400; i++) {
            for (Signed signed : coordinator.log) {
                LogEntry claimed = LogEntry.parseFrom(signed.getPayload());
                if (claimed.getActor().equals(site)
                        && claimed.getAction().equals(action)
                        && claimed.getDetail().contains(detail)
                        && facts(claimed).entrySet().containsAll(facts.entrySet())) {
                    SignedMessages.open(signed, LogEntry.parser(), certificate);
                    return;
                }
            }
            Thread.sleep(25);
        }
        throw new AssertionError("no log entry " + action + " of " + site + " with " + facts + ": " + detail);
    }

    private static Map<String, String> facts(LogEntry entry) {
        Map<String, String> facts = new TreeMap<>();
        for (Fact fact : entry.getFactList()) {
            facts.put(fact.getName(), fact.getValue());
        }
        return facts;
    }
}
