package org.commissure.coordinator.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.commissure.coordinator.federation.TestFederation.eventually;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.commissure.coordinator.cli.TestCli;
import org.commissure.coordinator.round.RunOutcome;
import org.commissure.coordinator.round.RunSummary;
import org.commissure.coordinator.round.Studies;
import org.commissure.privacy.audit.LogReader;
import org.commissure.privacy.audit.LoggedEntry;
import org.commissure.privacy.identity.SignedMessages;
import org.commissure.privacy.secagg.Bitmaps;
import org.commissure.protocol.v1.AdvertiseKeys;
import org.commissure.protocol.v1.Fact;
import org.commissure.protocol.v1.LogEntry;
import org.commissure.protocol.v1.MaskedHeader;
import org.commissure.protocol.v1.Share;
import org.commissure.protocol.v1.ShareEnvelope;
import org.commissure.protocol.v1.ShareHeader;
import org.commissure.protocol.v1.ShareKeys;
import org.commissure.protocol.v1.Signed;
import org.commissure.protocol.v1.SiteFrame;
import org.commissure.protocol.v1.SurvivorVote;
import org.commissure.protocol.v1.UnmaskShares;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * One of four sites attacks the real coordinator in the real protocol over real mutual TLS. It is refused, the log
 * says who, where and why, and the others' sum is released all the same. The federation stays; each attack is a
 * run of its own.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class MaliciousSiteTest {
    private static final String DROPPED = "site.dropped";
    private static final String REFUSED = "message.refused";

    private TestFederation federation;
    private FakeSite b;
    private int runs;

    private interface Change<M extends Message> {
        Message of(M honest) throws InvalidProtocolBufferException;
    }

    @BeforeAll
    void openFederation(@TempDir Path folder) throws Exception {
        federation = new TestFederation(folder, "A", "B", "C", "D");
        federation.connectAll();
        b = federation.sites.get(1);
    }

    @AfterEach
    void repent() {
        federation.sites.forEach(site -> site.lie = UnaryOperator.identity());
        b.secondThought = said -> Optional.empty();
        b.uploadLie = UnaryOperator.identity();
        federation.sites.forEach(site -> site.vanishesBeforeUpload = false);
    }

    @AfterAll
    void closeFederation() {
        federation.close();
    }

    @Test
    void attack01aKeyInTheNameOfAnotherSiteIsRefused() throws Exception {
        b.lie = frame -> frame.hasAdvertiseKeys()
                ? SiteFrame.newBuilder()
                        .setAdvertiseKeys(changed(
                                frame.getAdvertiseKeys(),
                                AdvertiseKeys.parser(),
                                honest -> honest.toBuilder().setIndex(1).build()))
                        .build()
                : frame;
        assertDropped("advertise keys of B: it speaks as party 1, but is 2");
    }

    @Test
    void attack04aVoteForAnotherSurvivorSetIsRefused() throws Exception {
        b.lie = frame -> frame.hasSurvivorVote()
                ? SiteFrame.newBuilder()
                        .setSurvivorVote(changed(
                                frame.getSurvivorVote(),
                                SurvivorVote.parser(),
                                honest -> honest.toBuilder()
                                        .setSurvivorsBitmap(Bitmaps.of(Set.of(1, 2, 3), 4))
                                        .build()))
                        .build()
                : frame;
        runAndAwait(RunOutcome.FINISHED);
        assertLogged(DROPPED, "B", "survivor vote of B: it voted for another survivor set");
    }

    @Test
    void attack08aLowOrderPointAndABadMlKemKeyAreRefused() throws Exception {
        b.lie = keys(honest -> honest.toBuilder()
                .setX25519PublicKey(ByteString.copyFrom(new byte[32]))
                .build());
        assertDropped("advertise keys of B: its X25519 key is a low-order point");
        b.lie = keys(honest -> honest.toBuilder()
                .setMlkem768EncapsulationKey(
                        honest.getMlkem768EncapsulationKey().substring(1))
                .build());
        assertDropped("advertise keys of B: its ML-KEM-768 key does not have 1184 bytes");
    }

    @Test
    void attack09aForgedShareIsLeftOutAndItsForgerIsLogged() throws Exception {
        b.lie = shares(honest -> {
            Share.Builder first = honest.getSelfMask(0).toBuilder();
            byte[] y = first.getY().toByteArray();
            y[0] ^= 1;
            return honest.toBuilder()
                    .setSelfMask(0, first.setY(ByteString.copyFrom(y)))
                    .build();
        });
        RunSummary summary = runAndAwait(RunOutcome.FINISHED);
        assertThat(summary.history().getLast().survivors()).containsExactly("A", "B", "C", "D");
        assertLogged(REFUSED, "B", "unmask of B: its share of the secret of A does not fit the others");
    }

    @Test
    void attack09aDuplicateShareAndAShareOfTheOtherKindAreRefused() throws Exception {
        b.lie = shares(
                honest -> honest.toBuilder().addSelfMask(honest.getSelfMask(0)).build());
        runAndAwait(RunOutcome.FINISHED);
        assertLogged(DROPPED, "B", "unmask shares of B: it sends a share twice");
        b.lie = shares(honest -> honest.toBuilder()
                .removeSelfMask(0)
                .addSiteKey(honest.getSelfMask(0))
                .build());
        runAndAwait(RunOutcome.FINISHED);
        assertLogged(DROPPED, "B", "unmask shares of B: it sends shares of other parties, or of the other kind");
    }

    @Test
    void attack09anEnvelopeThatItsHeaderDoesNotNameIsRefused() throws Exception {
        b.lie = frame -> frame.hasShareKeys()
                ? SiteFrame.newBuilder()
                        .setShareKeys(changed(frame.getShareKeys(), ShareKeys.parser(), honest -> {
                            ShareEnvelope.Builder first = honest.getTo(0).toBuilder();
                            byte[] sealed = first.getSealed().toByteArray();
                            sealed[0] ^= 1;
                            return honest.toBuilder()
                                    .setTo(0, first.setSealed(ByteString.copyFrom(sealed)))
                                    .build();
                        }))
                        .build()
                : frame;
        assertDropped("share keys of B: ");
    }

    @Test
    void aSiteThatDealsAnewIsNotHeardAndTheOthersGetWhatItDealtFirst() throws Exception {
        CountDownLatch dealtTwice = new CountDownLatch(1);
        b.secondThought = said -> {
            if (!said.hasShareKeys()) {
                return Optional.empty();
            }
            dealtTwice.countDown();
            return Optional.of(SiteFrame.newBuilder()
                    .setShareKeys(changed(said.getShareKeys(), ShareKeys.parser(), this::dealtAnew))
                    .build());
        };
        federation.sites.get(3).lie = frame -> {
            if (frame.hasShareKeys()) {
                awaitAndLinger(dealtTwice);
            }
            return frame;
        };
        RunSummary summary = runAndAwait(RunOutcome.FINISHED);
        assertThat(dealtTwice.getCount()).isZero();
        assertThat(summary.history().getLast().survivors()).containsExactly("A", "B", "C", "D");
    }

    @Test
    void attack10aVectorOfTheWrongLengthIsRefused() throws Exception {
        b.lie = frame -> frame.hasMaskedHeader()
                ? SiteFrame.newBuilder()
                        .setMaskedHeader(changed(
                                frame.getMaskedHeader(),
                                MaskedHeader.parser(),
                                honest -> honest.toBuilder()
                                        .setVectorBytes(honest.getVectorBytes() - 4)
                                        .build()))
                        .build()
                : frame;
        assertDropped("masked header of B: its vector has the wrong length");
        b.lie = UnaryOperator.identity();
        b.uploadLie = bytes -> Arrays.copyOf(bytes, bytes.length + 4);
        runAndAwait(RunOutcome.FINISHED);
        assertLogged(REFUSED, "B", "upload: the upload has ");
    }

    @Test
    void attack12TooFewSurvivorsReleaseNothing() throws Exception {
        federation.sites.get(2).vanishesBeforeUpload = true;
        federation.sites.get(3).vanishesBeforeUpload = true;
        runAndAwait(RunOutcome.FAILED);
        assertLogged("sum.aborted", "", "2 of 4 sites answered with their masked header, 3 are needed");
        federation.sites.get(2).comeBack();
        federation.sites.get(3).comeBack();
    }

    @Test
    void attack13anUploadThatIsNotWhatItsSiteSignedIsRefused() throws Exception {
        b.uploadLie = bytes -> {
            byte[] other = bytes.clone();
            other[7] ^= 1;
            return other;
        };
        assertDropped("the uploaded bytes do not fit the SHA-256 in the signed header");
    }

    /** Valid share keys whose first envelope holds something else than it did. */
    private ShareKeys dealtAnew(ShareKeys first) throws InvalidProtocolBufferException {
        ShareEnvelope envelope = first.getTo(0);
        byte[] sealed = envelope.getSealed().toByteArray();
        sealed[0] ^= 1;
        ShareEnvelope other =
                envelope.toBuilder().setSealed(ByteString.copyFrom(sealed)).build();
        ShareHeader header = ShareHeader.parseFrom(first.getHeader().getPayload()).toBuilder()
                .setEnvelopeSha256(0, SignedMessages.sha256(SignedMessages.canonical(other)))
                .build();
        return first.toBuilder()
                .setHeader(b.signing().sign(header))
                .setTo(0, other)
                .build();
    }

    /** So that B's second message comes while the coordinator still waits for the last first one. */
    private static void awaitAndLinger(CountDownLatch dealtTwice) {
        try {
            assertThat(dealtTwice.await(30, TimeUnit.SECONDS)).isTrue();
            Thread.sleep(300);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private UnaryOperator<SiteFrame> keys(Change<AdvertiseKeys> change) {
        return frame -> frame.hasAdvertiseKeys()
                ? SiteFrame.newBuilder()
                        .setAdvertiseKeys(changed(frame.getAdvertiseKeys(), AdvertiseKeys.parser(), change))
                        .build()
                : frame;
    }

    private UnaryOperator<SiteFrame> shares(Change<UnmaskShares> change) {
        return frame -> frame.hasUnmaskShares()
                ? SiteFrame.newBuilder()
                        .setUnmaskShares(changed(frame.getUnmaskShares(), UnmaskShares.parser(), change))
                        .build()
                : frame;
    }

    /** Another message under B's own, true signature. */
    private <M extends Message> Signed changed(Signed honest, Parser<M> parser, Change<M> change) {
        try {
            return b.signing().sign(change.of(parser.parseFrom(honest.getPayload())));
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    /** B is out of every sum, with that reason in the log, and the others' sums are released. */
    private void assertDropped(String symptom) throws Exception {
        RunSummary summary = runAndAwait(RunOutcome.FINISHED);
        assertThat(summary.history().getLast().survivors()).containsExactly("A", "C", "D");
        assertLogged(DROPPED, "B", symptom);
    }

    private RunSummary runAndAwait(RunOutcome outcome) throws Exception {
        String run = "run-" + ++runs;
        federation.start(Studies.text(1, 1, 20), new float[TestFederation.PARAMETERS], run);
        eventually(() -> TestCli.status(federation.home).state() != RunOutcome.RUNNING);
        RunSummary summary = TestCli.status(federation.home);
        assertThat(summary.runId()).isEqualTo(run);
        assertThat(summary.state()).as(summary.toString()).isEqualTo(outcome);
        return summary;
    }

    private void assertLogged(String action, String peer, String symptom) throws Exception {
        eventually(() -> LogReader.read(federation.home.log()).stream()
                .map(LoggedEntry::entry)
                .anyMatch(entry -> entry.getAction().equals(action)
                        && entry.getDetail().contains(symptom)
                        && peer.equals(value(entry, "site") + value(entry, "peer"))));
    }

    private static String value(LogEntry entry, String fact) {
        return entry.getFactList().stream()
                .filter(stated -> stated.getName().equals(fact))
                .map(Fact::getValue)
                .findFirst()
                .orElse("");
    }
}
