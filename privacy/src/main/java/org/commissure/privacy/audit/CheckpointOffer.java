package org.commissure.privacy.audit;

import java.util.List;

/**
 * What a log shows a witness (C2SP tlog-witness).
 *
 * @param note the newest checkpoint, signed by the log
 * @param oldSize of the checkpoint that {@code proof} starts from
 * @param proof that the log extends that checkpoint
 */
public record CheckpointOffer(String note, long oldSize, List<byte[]> proof) {
    public CheckpointOffer {
        proof = List.copyOf(proof);
    }
}
