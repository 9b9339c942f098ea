package org.commissure.site.witness;

import com.google.protobuf.ByteString;
import java.time.Clock;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.commissure.privacy.audit.Actions;
import org.commissure.privacy.audit.CheckpointOffer;
import org.commissure.privacy.audit.LogEntries;
import org.commissure.privacy.audit.Witness;
import org.commissure.privacy.audit.WitnessAnswer;
import org.commissure.privacy.identity.SigningIdentity;
import org.commissure.protocol.UserError;
import org.commissure.protocol.v1.CoordinatorFrame;
import org.commissure.protocol.v1.LogCheckpoint;
import org.commissure.protocol.v1.Outcome;
import org.commissure.protocol.v1.Signed;
import org.commissure.protocol.v1.SiteFrame;
import org.commissure.protocol.v1.WitnessWord;
import org.commissure.site.connection.CoordinatorLink;
import org.commissure.site.connection.FrameListener;
import org.commissure.site.storage.LogOutbox;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the checkpoints that the coordinator shows, on a thread of its own, and hands every other
 * frame on. The witness's key is told to the log before its first word. A log that was forked or
 * shortened is told to the site's own people in the process log, once for each such checkpoint, and to
 * the log itself in a signed entry, so that other hospitals learn of it where the log goes on.
 */
public final class WitnessListener implements FrameListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WitnessListener.class);

    private final FrameListener next;
    private final Witness witness;
    private final CoordinatorLink link;
    private final LogOutbox outbox;
    private final Supplier<SigningIdentity> signing;
    private final Clock clock;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("witness").daemon().factory());

    /**
     * @param next who receives everything else
     * @param signing signs what the site says in the log; asked each time, because it is renewed
     */
    public WitnessListener(
            FrameListener next,
            Witness witness,
            CoordinatorLink link,
            LogOutbox outbox,
            Supplier<SigningIdentity> signing,
            Clock clock) {
        this.next = next;
        this.witness = witness;
        this.link = link;
        this.outbox = outbox;
        this.signing = signing;
        this.clock = clock;
        introduce();
    }

    private void introduce() {
        outbox.addOnce(
                "witness " + witness.verifierKey(),
                () -> signing.get()
                        .sign(LogEntries.of(Actions.WITNESS_KEY, Outcome.DONE, clock.instant())
                                .actor(signing.get().name())
                                .fact("vkey", witness.verifierKey())
                                .build()));
    }

    @Override
    public void connected() {
        next.connected(); // first: it sends the entry that introduces the key
        queue(() -> say(WitnessWord.newBuilder()));
    }

    @Override
    public void received(CoordinatorFrame frame) {
        if (frame.hasLogCheckpoint()) {
            queue(() -> judge(frame.getLogCheckpoint()));
        } else {
            next.received(frame);
        }
    }

    private void judge(LogCheckpoint shown) {
        CheckpointOffer offer = new CheckpointOffer(
                shown.getNote(),
                shown.getOldSize(),
                shown.getProofList().stream().map(ByteString::toByteArray).toList());
        switch (witness.judge(offer, clock.instant())) {
            case WitnessAnswer.Cosigned agreed -> say(WitnessWord.newBuilder().setCosignature(agreed.line()));
            case WitnessAnswer.StandsElsewhere elsewhere -> say(WitnessWord.newBuilder());
            case WitnessAnswer.Refused refused -> {
                say(WitnessWord.newBuilder().setRefusal(refused.reason()));
                if (refused.first()) {
                    alarm(offer, refused.reason());
                }
            }
        }
    }

    private void alarm(CheckpointOffer offer, String reason) {
        LOG.error(
                "this site does not cosign the federation's log: {}; remedy: see 'commissure audit witness', show the"
                        + " files to the other hospitals, and take part in no round until it is explained",
                reason);
        Signed entry = signing.get()
                .sign(LogEntries.of(Actions.CHECKPOINT_REFUSED, Outcome.REFUSED, clock.instant())
                        .actor(signing.get().name())
                        .detail(reason)
                        .fact("offered", offer.note())
                        .fact("seen", witness.seen().orElse(""))
                        .build());
        outbox.add(entry);
        link.send(SiteFrame.newBuilder().setLogEntry(entry).build());
    }

    private void say(WitnessWord.Builder word) {
        link.send(SiteFrame.newBuilder()
                .setWitnessWord(word.setSize(witness.size()))
                .build());
    }

    private void queue(Runnable step) {
        try {
            thread.execute(() -> {
                try {
                    step.run();
                } catch (UserError e) {
                    LOG.error("the witness cannot answer: {}; remedy: {}", e.getMessage(), e.remedy());
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("a checkpoint came during shutdown");
        }
    }

    /** What was not answered is asked again after the next start. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(10, TimeUnit.SECONDS)) {
                LOG.warn("the witness did not stop within ten seconds");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
