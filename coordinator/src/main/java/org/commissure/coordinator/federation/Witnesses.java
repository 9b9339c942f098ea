package org.commissure.coordinator.federation;

import com.google.protobuf.ByteString;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.commissure.coordinator.round.Outbound;
import org.commissure.privacy.audit.CheckpointOffer;
import org.commissure.privacy.audit.TransparencyLog;
import org.commissure.protocol.v1.CoordinatorFrame;
import org.commissure.protocol.v1.LogCheckpoint;
import org.commissure.protocol.v1.WitnessWord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows the newest checkpoint to every connected site's witness and collects the cosignatures (C2SP
 * tlog-witness, on the control stream, because nothing connects to a hospital). One offer to a site
 * is open at a time; a checkpoint that a witness refused is not shown to it again. Thread-safe.
 */
final class Witnesses {
    private static final Logger LOG = LoggerFactory.getLogger(Witnesses.class);
    /** A witness that has not answered by then is asked again. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final TransparencyLog log;
    private final Outbound sites;
    private final Clock clock;
    private final Map<String, Standing> standings = new HashMap<>();

    Witnesses(TransparencyLog log, Outbound sites, Clock clock) {
        this.log = log;
        this.sites = sites;
        this.clock = clock;
    }

    /** What is known of one site's witness. */
    private static final class Standing {
        long size;
        String answered = "";

        @Nullable
        CheckpointOffer open;

        Instant asked = Instant.MIN;
    }

    /** A witness says where it stands, and what it thinks of the checkpoint it was shown last. */
    synchronized void said(String site, WitnessWord word) {
        Standing standing = standings.computeIfAbsent(site, name -> new Standing());
        standing.size = word.getSize();
        CheckpointOffer offer = standing.open;
        standing.open = null;
        if (offer == null) {
            standing.answered = ""; // it has just connected
            return;
        }
        if (!word.getRefusal().isEmpty()) {
            standing.answered = offer.note();
            LOG.error("the witness of {} refuses the log's checkpoint: {}", site, word.getRefusal());
        } else if (!word.getCosignature().isEmpty()) {
            standing.answered = offer.note();
            if (!log.cosigned(site, offer.note(), word.getCosignature())) {
                LOG.warn("a cosignature of {} does not verify, or its key is not in the log", site);
            }
        }
    }

    /** Shows the newest checkpoint to those who have not judged it; called regularly. */
    synchronized void show() {
        standings.keySet().retainAll(sites.connected());
        Instant now = clock.instant();
        for (Map.Entry<String, Standing> entry : standings.entrySet()) {
            Standing standing = entry.getValue();
            if (standing.open != null && standing.asked.plus(PATIENCE).isAfter(now)) {
                continue;
            }
            CheckpointOffer offer = log.offer(standing.size);
            if (offer.note().equals(standing.answered)) {
                continue;
            }
            standing.open = offer;
            standing.asked = now;
            sites.send(entry.getKey(), frame(offer));
        }
    }

    private static CoordinatorFrame frame(CheckpointOffer offer) {
        LogCheckpoint.Builder checkpoint =
                LogCheckpoint.newBuilder().setNote(offer.note()).setOldSize(offer.oldSize());
        offer.proof().forEach(hash -> checkpoint.addProof(ByteString.copyFrom(hash)));
        return CoordinatorFrame.newBuilder().setLogCheckpoint(checkpoint).build();
    }
}
