package org.commissure.coordinator.aggregation;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.commissure.privacy.durable.PendingFile;
import org.commissure.protocol.UserError;
import org.commissure.protocol.study.FineTuneVector;
import org.commissure.protocol.study.SharedPart;
import org.commissure.protocol.study.Study;

/**
 * The models of one run, each a safetensors file named by the SHA-256 of its data section. The
 * header is an opaque prefix that is carried along; the data section is flat little-endian float32.
 *
 * @param folder {@code runs/<id>/models}
 */
public record ModelStore(Path folder) {
    private static final int LENGTH_BYTES = 8;
    private static final long MAXIMUM_HEADER_BYTES = 100_000_000;

    /**
     * One model.
     *
     * @param dataOffset where the parameters begin
     */
    public record StoredModel(Path file, ByteString sha256, long dataOffset, long parameterCount) {

        /** The parameters, little-endian float32, from byte {@code offset} of the data section on. */
        public InputStream data(long offset) throws IOException {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
            channel.position(dataOffset + offset);
            return new BufferedInputStream(Channels.newInputStream(channel), 1 << 16);
        }

        /** The data section, little-endian float32; for vectors that fit into memory. */
        byte[] bytes() throws IOException {
            try (InputStream in = data(0)) {
                return in.readAllBytes();
            }
        }

        /** The parameters as numbers; for vectors that fit into memory. */
        public double[] values() throws IOException {
            FloatBuffer floats =
                    ByteBuffer.wrap(bytes()).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
            double[] values = new double[floats.remaining()];
            for (int i = 0; i < values.length; i++) {
                values[i] = floats.get(i);
            }
            return values;
        }

        public long dataBytes() {
            return parameterCount * Float.BYTES;
        }
    }

    /** Writes the parameters of a new model. */
    public interface Parameters {
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Takes in the model a run starts from.
     *
     * @throws UserError if the file is not a safetensors file of float32 values
     */
    public StoredModel importFrom(Path safetensors) throws IOException {
        long dataOffset = dataOffset(safetensors);
        long dataBytes = Files.size(safetensors) - dataOffset;
        if (dataBytes <= 0 || dataBytes % Float.BYTES != 0 || dataBytes / Float.BYTES >= Integer.MAX_VALUE - 8) {
            throw bad("its data section has " + dataBytes + " bytes, which is not a positive multiple of " + Float.BYTES
                    + " below 8 GiB");
        }
        byte[] header = header(safetensors, dataOffset);
        requireExactly(Arrays.copyOfRange(header, LENGTH_BYTES, header.length), dataBytes);
        return write(
                header,
                out -> {
                    try (InputStream in = Files.newInputStream(safetensors)) {
                        in.skipNBytes(dataOffset);
                        in.transferTo(out);
                    }
                },
                dataBytes / Float.BYTES);
    }

    /**
     * A model that holds only zeros, one flat tensor for each name.
     *
     * @param lengths in the order of the data section
     */
    public StoredModel zeros(Map<String, Integer> lengths) throws IOException {
        ObjectNode header = new ObjectMapper().createObjectNode();
        long count = 0;
        for (Map.Entry<String, Integer> tensor : lengths.entrySet()) {
            ObjectNode described = header.putObject(tensor.getKey()).put("dtype", "F32");
            described.putArray("shape").add(tensor.getValue());
            described.putArray("data_offsets").add(count * Float.BYTES).add((count + tensor.getValue()) * Float.BYTES);
            count += tensor.getValue();
        }
        byte[] json = header.toString().getBytes(StandardCharsets.UTF_8);
        ByteBuffer prefix = ByteBuffer.allocate(LENGTH_BYTES + json.length).order(ByteOrder.LITTLE_ENDIAN);
        prefix.putLong(json.length).put(json);
        byte[] data = new byte[Math.toIntExact(count * Float.BYTES)];
        return write(prefix.array(), out -> out.write(data), count);
    }

    /** Writes a model with the header of {@code before} and new parameters, atomically. */
    public StoredModel next(StoredModel before, Parameters parameters) throws IOException {
        return write(header(before.file(), before.dataOffset()), parameters, before.parameterCount());
    }

    /** Names and sizes of a model's tensors, in the order of its data section; nothing else of the header is read. */
    public static List<SharedPart.Tensor> tensors(StoredModel model) throws IOException {
        byte[] header = header(model.file(), model.dataOffset());
        SortedMap<Long, SharedPart.Tensor> byOffset = new TreeMap<>();
        for (var tensor : new ObjectMapper()
                .readTree(header, LENGTH_BYTES, header.length - LENGTH_BYTES)
                .properties()) {
            if (!tensor.getKey().equals("__metadata__")) {
                long begin = tensor.getValue().path("data_offsets").path(0).asLong();
                long end = tensor.getValue().path("data_offsets").path(1).asLong();
                byOffset.put(
                        begin, new SharedPart.Tensor(tensor.getKey(), Math.toIntExact((end - begin) / Float.BYTES)));
            }
        }
        return List.copyOf(byOffset.values());
    }

    /** Which part of a model the study's training sums are of. */
    public static SharedPart shared(StoredModel model, Study study) throws IOException {
        if (study.finetune().isPresent()) {
            return FineTuneVector.of(study).shared();
        }
        return study.published().isPresent()
                ? SharedPart.whole(Math.toIntExact(model.parameterCount()))
                : SharedPart.of(study.training(), tensors(model));
    }

    /** A vector of zeros with the header of {@code model}. */
    public StoredModel zerosLike(StoredModel model) throws IOException {
        return next(model, out -> {
            byte[] chunk = new byte[1 << 16];
            for (long left = model.dataBytes(); left > 0; left -= chunk.length) {
                out.write(chunk, 0, (int) Math.min(left, chunk.length));
            }
        });
    }

    /** The model of that hash. */
    public StoredModel open(ByteString sha256) throws IOException {
        Path file = file(sha256);
        long dataOffset = dataOffset(file);
        return new StoredModel(file, sha256, dataOffset, (Files.size(file) - dataOffset) / Float.BYTES);
    }

    public boolean has(ByteString sha256) {
        return Files.isRegularFile(file(sha256));
    }

    private StoredModel write(byte[] header, Parameters parameters, long count) throws IOException {
        MessageDigest digest = UploadSpool.sha256();
        try (PendingFile pending = PendingFile.in(folder)) {
            pending.stream().write(header);
            OutputStream hashed = new DigestOutputStream(pending.stream(), digest);
            parameters.writeTo(hashed);
            hashed.flush();
            if (pending.size() != header.length + count * Float.BYTES) {
                throw new IOException("a model of another size than its predecessor");
            }
            ByteString sha256 = ByteString.copyFrom(digest.digest());
            pending.commit(name(sha256));
            return new StoredModel(file(sha256), sha256, header.length, count);
        }
    }

    private static String name(ByteString sha256) {
        return HexFormat.of().formatHex(sha256.toByteArray()) + ".safetensors";
    }

    private Path file(ByteString sha256) {
        return folder.resolve(name(sha256));
    }

    private static byte[] header(Path file, long dataOffset) {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes((int) dataOffset);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /** The first eight bytes of a safetensors file are the length of its JSON header. */
    private static long dataOffset(Path file) throws IOException {
        byte[] length;
        try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
            length = in.readNBytes(LENGTH_BYTES);
        }
        long bytes = length.length < LENGTH_BYTES
                ? -1
                : ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong();
        if (bytes < 2 || bytes > MAXIMUM_HEADER_BYTES || LENGTH_BYTES + bytes > Files.size(file)) {
            throw bad("it does not begin with a header of a sensible length");
        }
        return LENGTH_BYTES + bytes;
    }

    /** A truncated or padded file must not become a model: the tensors end where the file does. */
    private static void requireExactly(byte[] json, long dataBytes) throws IOException {
        long end = 0;
        try {
            for (var tensor : new ObjectMapper().readTree(json).properties()) {
                if (tensor.getKey().equals("__metadata__")) {
                    continue;
                }
                if (!tensor.getValue().path("dtype").asText().equals("F32")) {
                    throw bad("the tensor '" + tensor.getKey() + "' is not of type F32");
                }
                end = Math.max(
                        end, tensor.getValue().path("data_offsets").path(1).asLong(-1));
            }
        } catch (JacksonException e) {
            throw bad("its header is not JSON");
        }
        if (end != dataBytes) {
            throw bad("its header describes " + end + " bytes of parameters, but the file holds " + dataBytes);
        }
    }

    private static UserError bad(String why) {
        return new UserError(
                "the model is not a safetensors file that can be trained: " + why,
                "write it with 'commissure site model init --study FILE --out FILE'");
    }
}
