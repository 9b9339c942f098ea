package org.commissure.models.brainlm;

import org.commissure.models.tensor.Workspace;

/** What a token's place and time contribute, fixed by the configuration. */
final class TokenTables {
    private final BrainLmConfiguration c;
    private final long coordinates;
    private final long encoderTimes;
    private final long decoderTimes;

    TokenTables(Workspace.Plan plan, BrainLmConfiguration c) {
        this.c = c;
        coordinates = plan.reserve(3L * c.parcels());
        encoderTimes = plan.reserve((long) c.patches() * c.encoder().width());
        decoderTimes = plan.reserve((long) c.patches() * c.decoder().width());
    }

    void fill(Workspace w) {
        // The original reads raw millimetres, which drown the signal; its weights are made for them.
        float[][] places =
                c.variant() == BrainLmConfiguration.Variant.ORIGINAL ? c.coordinatesMillimetres() : c.unitCoordinates();
        for (int parcel = 0; parcel < c.parcels(); parcel++) {
            w.copyIn(places[parcel], 0, coordinates + 3L * parcel, 3);
        }
        fillTimes(w, encoderTimes, c.encoder().width());
        fillTimes(w, decoderTimes, c.decoder().width());
    }

    private void fillTimes(Workspace w, long to, int width) {
        w.copyIn(TimeEncoding.table(c.patches(), width), 0, to, c.patches() * width);
    }

    /** Three coordinates of the token's parcel. */
    void copyPlace(Workspace w, int token, long to) {
        w.copy(coordinates + 3L * (token / c.patches()), to, 3);
    }

    /** The time encoding of the token's patch, as wide as the encoder. */
    void copyEncoderTime(Workspace w, int token, long to) {
        int width = c.encoder().width();
        w.copy(encoderTimes + (long) (token % c.patches()) * width, to, width);
    }

    /** The time encoding of the token's patch, as wide as the decoder. */
    void copyDecoderTime(Workspace w, int token, long to) {
        int width = c.decoder().width();
        w.copy(decoderTimes + (long) (token % c.patches()) * width, to, width);
    }
}
