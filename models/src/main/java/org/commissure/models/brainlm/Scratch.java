package org.commissure.models.brainlm;

import org.commissure.models.tensor.LayerNorm;
import org.commissure.models.tensor.Workspace;

/**
 * Buffers that hold nothing between calls, shared by all layers of a model.
 *
 * @param wide {@code [rows, max(3·width, feedForward)]}
 * @param narrow {@code [rows, width]}
 * @param firstPartials a layer norm's sums of each team member; {@code secondPartials} likewise
 */
record Scratch(long wide, long narrow, Attention.Scratch attention, long firstPartials, long secondPartials) {

    /** @param maximumRows of a sequence; {@code members} of the team */
    static Scratch reserve(Workspace.Plan plan, Stack encoder, Stack decoder, int maximumRows, int members) {
        int width = Math.max(encoder.width(), decoder.width());
        int wide = Math.max(3 * width, Math.max(encoder.feedForward(), decoder.feedForward()));
        long partials = (long) members * LayerNorm.partialFloats(width);
        return new Scratch(
                plan.reserve((long) maximumRows * wide),
                plan.reserve((long) maximumRows * width),
                Attention.Scratch.reserve(plan, members),
                plan.reserve(partials),
                plan.reserve(partials));
    }
}
