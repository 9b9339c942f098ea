package org.commissure.models.weights;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.commissure.models.pickle.TorchArchive;

/** The tensors of a PyTorch checkpoint. */
record TorchTensors(TorchArchive archive) implements TensorFile {
    @Override
    public Map<String, List<Integer>> shapes() {
        return archive.shapes();
    }

    @Override
    public void read(String name, float[] out, int at) throws IOException {
        archive.read(name, out, at);
    }

    @Override
    public void close() throws IOException {
        archive.close();
    }
}
