package org.commissure.models.brainlm;

import org.commissure.models.tensor.Workspace;

/** What a token's place and time contribute, fixed by the configuration. */
final class TokenTables {
    private final BrainLmConfiguration c;
    private final int coordinates;
    private final int times;

    TokenTables(Workspace.Plan plan, BrainLmConfiguration c) {
        this.c = c;
        coordinates = plan.reserve(3L * c.parcels());
        times = plan.reserve((long) c.patches() * c.encoder().width());
    }

    void fill(Workspace w) {
        float[][] unit = c.unitCoordinates();
        for (int parcel = 0; parcel < c.parcels(); parcel++) {
            w.copyIn(unit[parcel], 0, coordinates + 3 * parcel, 3);
        }
        w.copyIn(
                TimeEncoding.table(c.patches(), c.encoder().width()),
                0,
                times,
                c.patches() * c.encoder().width());
    }

    /** Three unit coordinates of the token's parcel. */
    void copyPlace(Workspace w, int token, int to) {
        w.copy(coordinates + 3 * (token / c.patches()), to, 3);
    }

    /** The time encoding of the token's patch, {@code [hidden]}. */
    void copyTime(Workspace w, int token, int to) {
        w.copy(
                times + token % c.patches() * c.encoder().width(),
                to,
                c.encoder().width());
    }
}
