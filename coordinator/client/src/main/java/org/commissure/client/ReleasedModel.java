package org.commissure.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A model as a round left it.
 *
 * @param sha256 hex, of the parameters: the data section of its safetensors file
 * @param parentSha256 what it was trained from; null of the initial model
 * @param bytes of the file; null where the coordinator does not keep it any more
 */
public record ReleasedModel(
        String runId,
        int round,
        String sha256,
        @Nullable String parentSha256,
        List<String> survivors,
        @Nullable Double r2,
        @Nullable Long bytes) {
    public ReleasedModel {
        survivors = List.copyOf(survivors);
    }
}
