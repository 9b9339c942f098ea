package org.commissure.deploy.federation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What a coordinator gets to see of one site: vectors that look like noise, and not like updates. */
final class MaskedVectors {
    /** χ² with 255 degrees of freedom exceeds this by chance once in 10⁹ times. */
    private static final double CHI_SQUARE_LIMIT = 410;

    private MaskedVectors() {}

    /** @param folder with the vectors of one sum, one file per site that took part */
    static void assertTheyTellNothing(Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> walk = Files.walk(folder)) {
            files = walk.filter(file -> file.toString().endsWith(".masked")).toList();
        }
        assertThat(files).hasSizeBetween(3, 4);
        for (Path file : files) {
            byte[] masked = Files.readAllBytes(file);
            assertThat(masked.length).isGreaterThan(4000);
            assertThat(chiSquare(masked))
                    .as("uniform bytes in " + file.getFileName())
                    .isLessThan(CHI_SQUARE_LIMIT);
            // An encoded update is small against the ring: without masks nearly all of it would lie here.
            assertThat(shareBelow(masked, 1 << 25)).isLessThan(0.05);
        }
    }

    private static double chiSquare(byte[] bytes) {
        long[] counts = new long[256];
        for (byte b : bytes) {
            counts[b & 0xff]++;
        }
        double expected = bytes.length / 256.0;
        double sum = 0;
        for (long count : counts) {
            sum += (count - expected) * (count - expected) / expected;
        }
        return sum;
    }

    /** Share of the little-endian int32 whose magnitude is below {@code bound}; 2·bound/2³² if uniform. */
    private static double shareBelow(byte[] bytes, int bound) {
        var ints = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer();
        int below = 0;
        int all = ints.remaining();
        while (ints.hasRemaining()) {
            if (Math.abs((long) ints.get()) < bound) {
                below++;
            }
        }
        return (double) below / all;
    }
}
