package org.commissure.coordinator.aggregation;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.PrimitiveIterator;
import org.commissure.privacy.secagg.FixedPoint;
import org.commissure.privacy.secagg.RingVector;
import org.commissure.protocol.study.SharedPart;

/**
 * A step on opaque vectors: θ' = θ + factor · sum, of the parameters that the study shares; the others stay as they
 * are. Streams the old model, so that only the sum is in memory.
 */
public final class UpdateStep {
    private static final int CHUNK_VALUES = 1 << 16;

    private final RingVector sum;
    private final int offset;
    private final SharedPart part;
    private final double factor;

    /** @param offset in the sum, of what is added to the part's first parameter */
    private UpdateStep(RingVector sum, int offset, SharedPart part, double factor) {
        this.sum = sum;
        this.offset = offset;
        this.part = part;
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
     * Federated averaging (McMahan et al. 2017): θ' = θ + η · ΣwΔ / Σw, of the shared part.
     *
     * @param sum {@code [vectors · length + 1]}: ΣwΔ/W of each vector, then Σw/W, in fixed point
     * @param vector which of them is stepped along, counted from 0
     * @throws UnusableSumException if the weights do not add up to something positive
     */
    public static UpdateStep of(
            RingVector sum, int vector, SharedPart part, FixedPoint encoding, double serverLearningRate)
            throws UnusableSumException {
        double weights = encoding.decode(sum.get(sum.length() - 1));
        if (!(weights > 0)) {
            throw new UnusableSumException("the summed weights are not positive");
        }
        return new UpdateStep(sum, vector * part.length(), part, serverLearningRate * encoding.decode(1) / weights);
    }

    /**
     * Gradient descent: θ' = θ − scale · sum, shortened to a length.
     *
     * @param sum whose first elements are the gradient of the shared part, in integers
     * @param scale learning rate over the number of patients, times what one integer is worth
     * @param longest L2 norm of the largest step
     */
    public static UpdateStep ofGradient(RingVector sum, SharedPart part, double scale, double longest) {
        double squares = 0;
        for (int i = 0; i < part.length(); i++) {
            squares += (double) sum.get(i) * sum.get(i);
        }
        double length = scale * Math.sqrt(squares);
        return new UpdateStep(sum, 0, part, -scale * (length > longest ? longest / length : 1));
    }

    /** What becomes of one parameter; asked for one after the other, in order, of the shared ones only. */
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
        int parameters = part.parameters();
        if (before.parameterCount() != parameters || sum.length() < offset + part.length()) {
            throw new UnusableSumException("the sum has " + sum.length() + " values for " + part.length() + " of "
                    + parameters + " parameters, the model " + before.parameterCount() + " parameters");
        }
        PrimitiveIterator.OfInt shared = part.positions();
        try (InputStream in = before.data(0)) {
            return models.next(before, out -> {
                ByteBuffer chunk =
                        ByteBuffer.allocate(CHUNK_VALUES * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
                int next = shared.nextInt();
                int at = offset;
                for (int done = 0; done < parameters; ) {
                    int count = Math.min(CHUNK_VALUES, parameters - done);
                    in.readNBytes(chunk.array(), 0, count * Float.BYTES);
                    while (next < done + count) {
                        int place = (next - done) * Float.BYTES;
                        float value = (float) rule.next(chunk.getFloat(place), factor * sum.get(at++));
                        if (!Float.isFinite(value)) {
                            throw new NotFiniteException();
                        }
                        chunk.putFloat(place, value);
                        next = shared.hasNext() ? shared.nextInt() : Integer.MAX_VALUE;
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
