package org.commissure.coordinator.aggregation;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.commissure.privacy.secagg.FixedPoint;
import org.commissure.privacy.secagg.RingVector;

/**
 * A step on opaque vectors: θ' = θ + factor · sum. Streams the old model, so that only the sum is in memory.
 */
public final class UpdateStep {
    private static final int CHUNK_VALUES = 1 << 16;

    private final RingVector sum;
    private final int parameters;
    private final double factor;

    private UpdateStep(RingVector sum, int parameters, double factor) {
        this.sum = sum;
        this.parameters = parameters;
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
     * Federated averaging (McMahan et al. 2017): θ' = θ + η · ΣwΔ / Σw.
     *
     * @param sum {@code [parameters + 1]}: ΣwΔ/W, then Σw/W, in fixed point
     * @throws UnusableSumException if the weights do not add up to something positive
     */
    public static UpdateStep of(RingVector sum, FixedPoint encoding, double serverLearningRate)
            throws UnusableSumException {
        double weights = encoding.decode(sum.get(sum.length() - 1));
        if (!(weights > 0)) {
            throw new UnusableSumException("the summed weights are not positive");
        }
        return new UpdateStep(sum, sum.length() - 1, serverLearningRate * encoding.decode(1) / weights);
    }

    /**
     * Gradient descent: θ' = θ − scale · sum, shortened to a length.
     *
     * @param sum whose first {@code parameters} elements are the gradient, in integers
     * @param scale learning rate over the number of patients, times what one integer is worth
     * @param longest L2 norm of the largest step
     */
    public static UpdateStep ofGradient(RingVector sum, int parameters, double scale, double longest) {
        double squares = 0;
        for (int i = 0; i < parameters; i++) {
            squares += (double) sum.get(i) * sum.get(i);
        }
        double length = scale * Math.sqrt(squares);
        return new UpdateStep(sum, parameters, -scale * (length > longest ? longest / length : 1));
    }

    /** What becomes of one parameter; asked for one after the other, in order. */
    @FunctionalInterface
    interface Rule {
        double next(double parameter, double update) throws IOException;
    }

    /** @throws UnusableSumException if a parameter would not be a finite number */
    public ModelStore.StoredModel apply(ModelStore models, ModelStore.StoredModel before)
            throws IOException, UnusableSumException {
        return apply(models, before, Double::sum);
    }

    ModelStore.StoredModel apply(ModelStore models, ModelStore.StoredModel before, Rule rule)
            throws IOException, UnusableSumException {
        if (before.parameterCount() != parameters) {
            throw new UnusableSumException(
                    "the sum has " + parameters + " values, the model " + before.parameterCount() + " parameters");
        }
        try (InputStream in = before.data(0)) {
            return models.next(before, out -> {
                ByteBuffer chunk =
                        ByteBuffer.allocate(CHUNK_VALUES * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
                for (int done = 0; done < parameters; ) {
                    int count = Math.min(CHUNK_VALUES, parameters - done);
                    in.readNBytes(chunk.array(), 0, count * Float.BYTES);
                    for (int i = 0; i < count; i++) {
                        float value = (float) rule.next(chunk.getFloat(i * Float.BYTES), factor * sum.get(done + i));
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
