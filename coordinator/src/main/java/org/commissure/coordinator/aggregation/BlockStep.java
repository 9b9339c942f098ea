package org.commissure.coordinator.aggregation;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Replaces one block of a published vector by the values of a sum, and leaves the rest as it is. */
public final class BlockStep {
    private BlockStep() {}

    /**
     * @param offset where the block begins, in values
     * @param values become float32: relative error 2^-24
     * @throws UpdateStep.UnusableSumException if a value is not a finite float or the block does not fit
     */
    public static ModelStore.StoredModel apply(
            ModelStore models, ModelStore.StoredModel before, int offset, double[] values)
            throws IOException, UpdateStep.UnusableSumException {
        if (offset < 0 || offset + (long) values.length > before.parameterCount()) {
            throw new UpdateStep.UnusableSumException("the published vector has " + before.parameterCount()
                    + " values, the sum belongs at " + offset + " to " + (offset + values.length));
        }
        byte[] bytes = before.bytes();
        ByteBuffer data = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < values.length; i++) {
            float value = (float) values[i];
            if (!Float.isFinite(value)) {
                throw new UpdateStep.UnusableSumException("a published value would not be a finite number");
            }
            data.putFloat((offset + i) * Float.BYTES, value);
        }
        return models.next(before, out -> out.write(bytes));
    }
}
