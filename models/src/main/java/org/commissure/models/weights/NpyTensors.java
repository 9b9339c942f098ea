package org.commissure.models.weights;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.commissure.models.npy.NpyFile;

/** A folder of {@code <tensor name>.npy} files. */
final class NpyTensors implements TensorFile {
    private static final String SUFFIX = ".npy";

    private final Path folder;
    private final Map<String, List<Integer>> shapes = new LinkedHashMap<>();

    private NpyTensors(Path folder) {
        this.folder = folder;
    }

    static NpyTensors open(Path folder) throws IOException {
        var tensors = new NpyTensors(folder);
        var files = new TreeSet<Path>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
            stream.forEach(files::add);
        }
        for (Path file : files) {
            try (NpyFile npy = NpyFile.open(file)) {
                String name = file.getFileName().toString();
                tensors.shapes.put(name.substring(0, name.length() - SUFFIX.length()), npy.shape());
            }
        }
        return tensors;
    }

    @Override
    public Map<String, List<Integer>> shapes() {
        return shapes;
    }

    @Override
    public void read(String name, float[] out, int at) throws IOException {
        try (NpyFile npy = NpyFile.open(folder.resolve(name + SUFFIX))) {
            float[] values = npy.floats();
            System.arraycopy(values, 0, out, at, values.length);
        }
    }

    @Override
    public void close() {}
}
