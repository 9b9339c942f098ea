package org.commissure.models.weights;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Named tensors in a file or folder, read one at a time. Not thread-safe. */
interface TensorFile extends Closeable {
    /** Names and shapes, in the file's order. */
    Map<String, List<Integer>> shapes();

    /**
     * Reads a tensor row-major, rounded to float32, into {@code out} from {@code at} on.
     *
     * @throws IOException naming the tensor, if it is not floating point
     */
    void read(String name, float[] out, int at) throws IOException;
}
