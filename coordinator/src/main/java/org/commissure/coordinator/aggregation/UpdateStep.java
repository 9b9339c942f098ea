package org.commissure.coordinator.aggregation;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.commissure.privacy.secagg.FixedPoint;
import org.commissure.privacy.secagg.RingVector;

/**
 * Federated averaging (McMahan et al. 2017) on opaque vectors: θ' = θ + η · ΣwΔ / Σw, where the sum's
 * last element is Σw. Streams the old model, so that only the sum is in memory.
 */
public final class UpdateStep {
    private static final int CHUNK_VALUES = 1 << 16;

    private final RingVector sum;
    private final FixedPoint encoding;
    private final double factor;

    private UpdateStep(RingVector sum, FixedPoint encoding, double factor) {
        this.sum = sum;
        this.encoding = encoding;
        this.factor = factor;
    }

    /** A sum from which no model follows. */
    public static final class UnusableSumException extends Exception {
        private static final long serialVersionUID = 1L;

        public UnusableSumException(String what) {
            super(what);
        }
    }

    /**
     * @param sum {@code [parameters + 1]}: ΣwΔ/W, then Σw/W, in fixed point
     * @throws UnusableSumException if the weights do not add up to something positive
     */
    public static UpdateStep of(RingVector sum, FixedPoint encoding, double serverLearningRate)
            throws UnusableSumException {
        double weights = encoding.decode(sum.get(sum.length() - 1));
        if (!(weights > 0)) {
            throw new UnusableSumException("the summed weights are not positive");
        }
        return new UpdateStep(sum, encoding, serverLearningRate / weights);
    }

    /** @throws UnusableSumException if a parameter would not be a finite number */
    public ModelStore.StoredModel apply(ModelStore models, ModelStore.StoredModel before)
            throws IOException, UnusableSumException {
        if (before.parameterCount() != sum.length() - 1) {
            throw new UnusableSumException("the sum has " + (sum.length() - 1) + " values, the model "
                    + before.parameterCount() + " parameters");
        }
        try (InputStream in = before.data(0)) {
            return models.next(before, out -> {
                ByteBuffer chunk =
                        ByteBuffer.allocate(CHUNK_VALUES * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
                for (int done = 0; done < sum.length() - 1; ) {
                    int count = Math.min(CHUNK_VALUES, sum.length() - 1 - done);
                    in.readNBytes(chunk.array(), 0, count * Float.BYTES);
                    for (int i = 0; i < count; i++) {
                        float value =
                                (float) (chunk.getFloat(i * Float.BYTES) + factor * encoding.decode(sum.get(done + i)));
                        if (!Float.isFinite(value)) {
                            throw new NotFiniteException();
                        }
                        chunk.putFloat(i * Float.BYTES, value);
                    }
                    out.write(chunk.array(), 0, count * Float.BYTES);
                    done += count;
                }
            });
        } catch (NotFiniteException e) {
            throw new UnusableSumException("a parameter of the new model would not be a finite number");
        }
    }

    private static final class NotFiniteException extends IOException {
        private static final long serialVersionUID = 1L;
    }
}
