package org.commissure.deploy.simulation;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Set;
import org.commissure.coordinator.aggregation.ModelStore.StoredModel;

/**
 * Whether a released model is what the survivors' made-up updates say. One mask that was not taken off moves a parameter
 * by thousands of times the tolerance.
 */
final class SumCheck {
    private static final double TOLERANCE = 1e-6;
    private static final int BUFFER_BYTES = 1 << 16;

    private SumCheck() {}

    /**
     * @param survivors of each round, indices from 0
     * @return the parameter that is farthest off, in units of the tolerance; at most 1 if the sums are exact
     */
    static double worst(StoredModel before, StoredModel after, List<Set<Integer>> survivors, int scaleLog2)
            throws IOException {
        double worst = 0;
        try (InputStream old = before.data(0);
                InputStream now = after.data(0)) {
            long at = 0;
            while (at < before.parameterCount()) {
                FloatBuffer olds = floats(old.readNBytes(BUFFER_BYTES));
                FloatBuffer nows = floats(now.readNBytes(BUFFER_BYTES));
                for (int i = 0; i < olds.limit(); i++, at++) {
                    double expected = olds.get(i) + step(survivors, at, scaleLog2);
                    double off = Math.abs(nows.get(i) - expected) / (TOLERANCE * Math.max(1, Math.abs(expected)));
                    worst = Math.max(worst, off);
                }
            }
        }
        return worst;
    }

    private static FloatBuffer floats(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    }

    private static double step(List<Set<Integer>> survivors, long parameter, int scaleLog2) {
        double step = 0;
        for (Set<Integer> round : survivors) {
            double sum = 0;
            for (int site : round) {
                sum += VirtualUpdate.element(site, parameter);
            }
            step += sum / round.size();
        }
        return Math.scalb(step, -scaleLog2);
    }
}
