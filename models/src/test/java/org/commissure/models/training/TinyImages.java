package org.commissure.models.training;

import java.util.Comparator;
import java.util.stream.IntStream;
import org.commissure.models.brainlm.Stack;
import org.commissure.models.brainlm.VitMaeConfiguration;
import org.commissure.models.brainlm.VitMaeConfiguration.Mode;

/** ViT-MAEs that train in seconds: 24 parcels × 24 frames in an image of 32, patches of 4. */
final class TinyImages {
    /** A row of patches then lies in one of the synthetic networks, which x tells apart. */
    private static final int[] BY_X = IntStream.range(0, SyntheticScan.PARCELS)
            .boxed()
            .sorted(Comparator.comparing(parcel -> SyntheticScan.PLACES[parcel][0]))
            .mapToInt(Integer::intValue)
            .toArray();

    private TinyImages() {}

    static VitMaeConfiguration of(Mode mode, double maskRatio) {
        return new VitMaeConfiguration(
                SyntheticScan.PARCELS,
                24,
                32,
                4,
                new Stack(32, 1, 4, 48),
                new Stack(24, 1, 3, 32),
                mode,
                1e-12,
                maskRatio,
                2,
                BY_X);
    }
}
