package org.commissure.models.pickle;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A state dict as {@code torch.save} writes it since PyTorch 1.6: a zip file with a pickle that describes the tensors
 * and one entry for each storage. Not thread-safe.
 *
 * <p>Security: the pickle is read by a machine that knows a closed list of opcodes and globals and calls nothing; see
 * the package. Lengths, shapes, strides and offsets are checked before anything is allocated or read on their word.
 */
public final class TorchArchive implements Closeable {
    private static final byte[] ZIP = {'P', 'K'};

    /** A pickle of the integer 0x1950a86a20f9469cfc6c begins every file that PyTorch wrote before 1.6. */
    private static final byte[] LEGACY = {(byte) 0x80, 2, (byte) 0x8a, 10, 0x6c, (byte) 0xfc, (byte) 0x9c, 0x46};

    private static final List<String> SUFFIXES = List.of(".bin", ".pt", ".pth", ".ckpt", ".pkl");

    /** Under which trainers put the weights beside optimiser and epoch. */
    private static final List<String> WEIGHT_KEYS = List.of("state_dict", "model_state_dict", "model");

    /** A pickle without zip is only looked at to say what is wrong with it. */
    private static final long LARGEST_BARE_PICKLE = 64 << 20;

    private final TorchZip zip;
    private final Map<String, TorchTensor> tensors;
    private @Nullable Storage loaded;
    private ByteBuffer content = ByteBuffer.allocate(0);

    private TorchArchive(TorchZip zip, Map<String, TorchTensor> tensors) {
        this.zip = zip;
        this.tensors = tensors;
    }

    /** Whether the file's first bytes, or else its name, say that {@link #open} is the one to judge it. */
    public static boolean claims(Path file) throws IOException {
        String name = file.toString().toLowerCase(Locale.ROOT);
        return startsWith(file, ZIP)
                || startsWith(file, LEGACY)
                || SUFFIXES.stream().anyMatch(name::endsWith);
    }

    /**
     * @throws RefusedPickleException naming the offending opcode or global
     * @throws MalformedTorchFileException if the file is damaged, or PyTorch's older format
     */
    public static TorchArchive open(Path file) throws IOException {
        if (!startsWith(file, ZIP)) {
            throw notZip(file);
        }
        TorchZip zip = TorchZip.open(file);
        try {
            Map<String, TorchTensor> tensors = tensors(Unpickler.read(zip.pickle()));
            for (TorchTensor tensor : tensors.values()) {
                zip.check(tensor.storage());
            }
            return new TorchArchive(zip, tensors);
        } catch (Throwable e) {
            zip.close();
            throw e;
        }
    }

    /** Names and shapes, in the pickle's order. */
    public Map<String, List<Integer>> shapes() {
        Map<String, List<Integer>> shapes = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> shapes.put(name, tensor.shape()));
        return shapes;
    }

    /**
     * Reads a tensor row-major, rounded to float32, into {@code out} from {@code at} on.
     *
     * @throws MalformedTorchFileException if there is no such tensor, it is not floating point, or its storage is
     *     damaged
     */
    public void read(String name, float[] out, int at) throws IOException {
        TorchTensor tensor = tensors.get(name);
        if (tensor == null || !tensor.storage().type().isFloatingPoint()) {
            throw new MalformedTorchFileException(
                    tensor == null
                            ? "has no tensor " + RefusedPickleException.printable(name)
                            : "tensor " + RefusedPickleException.printable(name) + " is of "
                                    + tensor.storage().type() + ", not floating point");
        }
        if (!tensor.storage().equals(loaded)) {
            content = ByteBuffer.wrap(zip.bytes(tensor.storage())).order(ByteOrder.LITTLE_ENDIAN);
            loaded = tensor.storage();
        }
        copy(tensor, out, at);
    }

    /** Counts through the indices like an odometer, the last dimension fastest. */
    private void copy(TorchTensor tensor, float[] out, int at) {
        int rank = tensor.shape().size();
        int[] index = new int[rank];
        int values = tensor.shape().stream().reduce(1, Math::multiplyExact);
        long from = tensor.offset();
        for (int i = 0; i < values; i++) {
            out[at + i] = tensor.storage().type().at(content, Math.toIntExact(from));
            for (int d = rank - 1; d >= 0; d--) {
                from += tensor.strides().get(d);
                if (++index[d] < tensor.shape().get(d)) {
                    break;
                }
                from -= tensor.strides().get(d) * tensor.shape().get(d);
                index[d] = 0;
            }
        }
    }

    private static Map<String, TorchTensor> tensors(Value top) throws MalformedTorchFileException {
        if (!(top instanceof Value.Dict dict)) {
            throw new MalformedTorchFileException("holds " + top.describe() + ", not a state dict");
        }
        for (String key : WEIGHT_KEYS) {
            if (dict.entries().get(key) instanceof Value.Dict inner) {
                dict = inner;
                break;
            }
        }
        Map<String, TorchTensor> tensors = new LinkedHashMap<>();
        for (var entry : dict.entries().entrySet()) {
            if (!(entry.getValue() instanceof TorchTensor tensor)) {
                throw new MalformedTorchFileException("entry " + RefusedPickleException.printable(entry.getKey())
                        + " is " + entry.getValue().describe() + ", not a tensor");
            }
            tensors.put(entry.getKey(), tensor);
        }
        return tensors;
    }

    private static IOException notZip(Path file) throws IOException {
        if (!startsWith(file, LEGACY) && Files.size(file) <= LARGEST_BARE_PICKLE) {
            try {
                Unpickler.read(Files.readAllBytes(file));
            } catch (RefusedPickleException e) {
                return e;
            }
        }
        return new MalformedTorchFileException("is a pickle without zip, as PyTorch wrote before 1.6; load it where it"
                + " comes from and save it again, best as safetensors");
    }

    private static boolean startsWith(Path file, byte[] mark) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return Arrays.equals(in.readNBytes(mark.length), mark);
        }
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }
}
