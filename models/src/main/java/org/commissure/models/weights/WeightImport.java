package org.commissure.models.weights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.commissure.models.pickle.TorchArchive;

/**
 * Reads weights of any writer into the flat vector of a layout, tensor by tensor and by name: safetensors ({@code F16},
 * {@code BF16}, {@code F32}, {@code F64}), PyTorch's zip + pickle ({@link TorchArchive}), or a folder of {@code .npy}
 * files. A prefix that all names share ({@code module.} of data-parallel training, {@code model.}, {@code _orig_mod.}
 * of compilation) is dropped. Buffers that are constants of the architecture are passed over and reported.
 */
public final class WeightImport {
    private static final List<String> WRAPPERS = List.of("module.", "model.", "_orig_mod.");

    /** Sinusoidal tables that the original saves with its weights; every engine computes them itself. */
    private static final Set<String> BUFFERS = Set.of(
            "vit.embeddings.pos_embedding.pe",
            "decoder.pos_embedding.pe",
            "vit.embeddings.position_embeddings",
            "decoder.decoder_pos_embed");

    private WeightImport() {}

    /**
     * @param parameters in the layout's order
     * @param ignoredBuffers constants of the architecture that the file holds as well
     * @param removedPrefix of every name in the file; empty if there was none
     */
    @SuppressWarnings("ArrayRecordComponent") // on its way into a model; never compared
    public record Imported(float[] parameters, List<String> ignoredBuffers, String removedPrefix) {}

    /**
     * @param fileOrFolder a {@code .safetensors} or {@code .bin|.pt|.pth} file, told apart by content, or a folder of
     *     {@code .npy} files
     * @throws TensorMismatchException listing every missing, extra and misshaped tensor
     * @throws IOException naming the problem, if the file is damaged, is refused, or a value is not finite
     */
    public static Imported read(Path fileOrFolder, ParameterLayout layout) throws IOException {
        try (TensorFile file = open(fileOrFolder)) {
            String prefix = sharedPrefix(file.shapes().keySet());
            Map<String, List<Integer>> found = new LinkedHashMap<>();
            file.shapes().forEach((name, shape) -> found.put(name.substring(prefix.length()), shape));
            List<String> buffers = found.keySet().stream()
                    .filter(name -> BUFFERS.contains(name) && layout.find(name).isEmpty())
                    .toList();
            buffers.forEach(found::remove);
            check(found, layout);
            float[] parameters = new float[layout.parameterCount()];
            for (ParameterLayout.Tensor tensor : layout.tensors()) {
                file.read(prefix + tensor.name(), parameters, tensor.offset());
                for (int i = tensor.offset(); i < tensor.offset() + tensor.length(); i++) {
                    if (!Float.isFinite(parameters[i])) {
                        throw new IOException(
                                "tensor " + tensor.name() + " holds a value that is not a finite number of 32 bits");
                    }
                }
            }
            return new Imported(parameters, buffers, prefix);
        }
    }

    /** Names and shapes of the tensors in such a file or folder, in its order, whatever their types. */
    public static Map<String, List<Integer>> shapes(Path fileOrFolder) throws IOException {
        try (TensorFile file = open(fileOrFolder)) {
            return file.shapes();
        }
    }

    private static TensorFile open(Path fileOrFolder) throws IOException {
        if (Files.isDirectory(fileOrFolder)) {
            return NpyTensors.open(fileOrFolder);
        }
        return TorchArchive.claims(fileOrFolder)
                ? new TorchTensors(TorchArchive.open(fileOrFolder))
                : SafetensorsTensors.open(fileOrFolder);
    }

    private static String sharedPrefix(Set<String> names) {
        StringBuilder prefix = new StringBuilder();
        boolean longer = !names.isEmpty();
        while (longer) {
            longer = false;
            for (String wrapper : WRAPPERS) {
                String candidate = prefix + wrapper;
                if (names.stream().allMatch(name -> name.startsWith(candidate))) {
                    prefix.append(wrapper);
                    longer = true;
                }
            }
        }
        return prefix.toString();
    }

    private static void check(Map<String, List<Integer>> found, ParameterLayout layout) throws TensorMismatchException {
        List<String> missing = new ArrayList<>();
        List<String> misshaped = new ArrayList<>();
        for (ParameterLayout.Tensor tensor : layout.tensors()) {
            List<Integer> shape = found.get(tensor.name());
            if (shape == null) {
                missing.add(tensor.name());
            } else if (!shape.equals(tensor.shape())) {
                misshaped.add(tensor.name() + " " + shape + " instead of " + tensor.shape());
            }
        }
        List<String> extra = found.keySet().stream()
                .filter(name -> layout.find(name).isEmpty())
                .toList();
        if (!missing.isEmpty() || !extra.isEmpty() || !misshaped.isEmpty()) {
            throw new TensorMismatchException(missing, extra, misshaped);
        }
    }
}
