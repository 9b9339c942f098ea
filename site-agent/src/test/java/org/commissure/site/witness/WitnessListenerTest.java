package org.commissure.site.witness;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.assertj.core.groups.Tuple;
import org.commissure.privacy.audit.Actions;
import org.commissure.privacy.audit.CheckpointOffer;
import org.commissure.privacy.audit.LogEntries;
import org.commissure.privacy.audit.LogVerifier;
import org.commissure.privacy.audit.TransparencyLog;
import org.commissure.privacy.audit.Witness;
import org.commissure.privacy.identity.FederationAuthority;
import org.commissure.privacy.identity.Role;
import org.commissure.privacy.identity.SigningIdentity;
import org.commissure.protocol.v1.CoordinatorFrame;
import org.commissure.protocol.v1.LogCheckpoint;
import org.commissure.protocol.v1.LogEntry;
import org.commissure.protocol.v1.Outcome;
import org.commissure.protocol.v1.Signed;
import org.commissure.protocol.v1.SiteFrame;
import org.commissure.protocol.v1.SumId;
import org.commissure.protocol.v1.WitnessWord;
import org.commissure.site.connection.CoordinatorLink;
import org.commissure.site.connection.FrameListener;
import org.commissure.site.storage.LogOutbox;
import org.commissure.site.storage.SiteDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WitnessListenerTest {
    @TempDir
    private Path home;

    private final List<SiteFrame> sent = Collections.synchronizedList(new ArrayList<>());
    private final List<CoordinatorFrame> passedOn = Collections.synchronizedList(new ArrayList<>());
    private SigningIdentity site;
    private SigningIdentity coordinator;
    private TransparencyLog log;
    private LogOutbox outbox;
    private WitnessListener listener;

    @BeforeEach
    void make() {
        FederationAuthority authority = FederationAuthority.create(home.resolve("ca"), "net", Clock.systemUTC());
        site = authority.issueSigning(Role.SITE, "NYU");
        coordinator = authority.issueSigning(Role.COORDINATOR, "coordinator");
        log = TransparencyLog.create(
                home.resolve("log"), "commissure/net", authority.certificate(), home.resolve("log.key"));
        outbox = new LogOutbox(SiteDatabase.open(home.resolve("site.db")));
        listener = start();
    }

    @AfterEach
    void stop() {
        listener.close();
        log.close();
    }

    @Test
    void theKeyIsIntroducedOnceAndTheCosignatureIsTakenByTheLog() throws Exception {
        listener.close();
        listener = start();
        assertThat(outbox.pending()).hasSize(1); // also after a restart
        log.append(outbox.pending(), List.of(site.certificate()));
        listener.connected();
        assertThat(word().getSize()).isZero();
        CheckpointOffer offer = show(log.offer(0));
        assertThat(log.cosigned("NYU", offer.note(), word().getCosignature())).isTrue();
        grow();
        offer = show(log.offer(1));
        assertThat(log.cosigned("NYU", offer.note(), word().getCosignature())).isTrue();
        log.close();
        assertThat(LogVerifier.verify(home.resolve("log")).cosignatures())
                .extracting("witness", "size")
                .containsExactly(Tuple.tuple("commissure/net/NYU", 4L));
        CoordinatorFrame other = CoordinatorFrame.getDefaultInstance();
        listener.received(other);
        assertThat(passedOn).containsExactly(other);
    }

    @Test
    void aForkIsRefusedToldToTheLogOnceAndTheNextHonestCheckpointIsCosigned() throws Exception {
        grow();
        CheckpointOffer seen = show(log.offer(0));
        assertThat(word().getCosignature()).isNotEmpty();
        grow();
        CheckpointOffer honest = log.offer(3);
        CheckpointOffer forged = new CheckpointOffer(honest.note(), 3, List.of(new byte[32]));
        show(forged);
        assertThat(word().getRefusal()).contains("the log was forked");
        show(forged);
        assertThat(word().getRefusal()).contains("the log was forked");
        List<Signed> entries = outbox.pending();
        assertThat(entries).hasSize(2); // the key, and one refusal
        LogEntry refusal = LogEntry.parseFrom(entries.getLast().getPayload());
        assertThat(refusal.getAction()).isEqualTo(Actions.CHECKPOINT_REFUSED);
        assertThat(refusal.getOutcome()).isEqualTo(Outcome.REFUSED);
        assertThat(refusal.toString())
                .contains(seen.note().lines().skip(2).findFirst().orElseThrow());
        assertThat(sent)
                .contains(SiteFrame.newBuilder().setLogEntry(entries.getLast()).build());
        log.append(entries, List.of(site.certificate()));
        show(log.offer(3));
        assertThat(word().getCosignature()).startsWith("— commissure/net/NYU ");
    }

    private WitnessListener start() {
        CoordinatorLink link = new CoordinatorLink() {
            @Override
            public void send(SiteFrame frame) {
                sent.add(frame);
            }

            @Override
            public void upload(SumId sum, Path file) {
                throw new IllegalStateException("a witness uploads nothing");
            }

            @Override
            public float[] model(ByteString sha256, long parameterCount) {
                throw new IllegalStateException("a witness needs no model");
            }

            @Override
            public Path sum(ByteString sha256, long bytes) {
                throw new IllegalStateException("a witness checks no sum");
            }
        };
        FrameListener rounds = new FrameListener() {
            @Override
            public void connected() {}

            @Override
            public void received(CoordinatorFrame frame) {
                passedOn.add(frame);
            }
        };
        return new WitnessListener(
                rounds,
                Witness.open(home.resolve("witness"), "NYU", log.verifierKey()),
                link,
                outbox,
                () -> site,
                Clock.systemUTC());
    }

    private void grow() {
        Signed entry = coordinator.sign(LogEntries.of(
                        Actions.SITE_INVITED, Outcome.DONE, Clock.systemUTC().instant())
                .actor("coordinator")
                .build());
        log.append(Collections.nCopies(3, entry), List.of(coordinator.certificate()));
    }

    private CheckpointOffer show(CheckpointOffer offer) {
        LogCheckpoint.Builder shown =
                LogCheckpoint.newBuilder().setNote(offer.note()).setOldSize(offer.oldSize());
        offer.proof().forEach(hash -> shown.addProof(ByteString.copyFrom(hash)));
        listener.received(CoordinatorFrame.newBuilder().setLogCheckpoint(shown).build());
        return offer;
    }

    /** The next word, within five seconds. */
    private WitnessWord word() throws InterruptedException {
        for (int i = 0; i < 500; i++) {
            synchronized (sent) {
                for (SiteFrame frame : sent) {
                    if (frame.hasWitnessWord()) {
                        sent.remove(frame);
                        return frame.getWitnessWord();
                    }
                }
            }
            Thread.sleep(10);
        }
        throw new AssertionError("the witness said nothing");
    }
}
