package org.commissure.models.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.commissure.models.brainlm.OptimiserState;
import org.commissure.models.durable.AtomicFile;

/**
 * A {@link Checkpoint} on disk, all little-endian: the eight bytes {@code CMSCKPT1}, the length of a JSON header as
 * int32, the header, the float32 vectors parameters, anchor, mean and mean square of the gradients, and the SHA-256 of
 * everything before it. Nothing is allocated on the word of the header: the lengths it states must first agree with the
 * size of the file.
 */
public final class CheckpointFile {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final byte[] MAGIC = "CMSCKPT1".getBytes(StandardCharsets.US_ASCII);
    private static final int PREFIX_BYTES = MAGIC.length + Integer.BYTES;
    private static final int DIGEST_BYTES = 32;
    private static final int CHUNK_BYTES = 1 << 20;

    private CheckpointFile() {}

    /** Writes beside {@code file}, forces to disk and renames; an interrupt waits until that is done. */
    public static void write(Path file, Checkpoint checkpoint) throws IOException {
        boolean interrupted = Thread.interrupted(); // it would close the file under us
        try {
            writeOnce(file, checkpoint);
        } catch (ClosedByInterruptException e) {
            interrupted |= Thread.interrupted();
            writeOnce(file, checkpoint);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void writeOnce(Path file, Checkpoint checkpoint) throws IOException {
        byte[] header = header(checkpoint);
        AtomicFile.write(file, out -> {
            MessageDigest digest = sha256();
            ByteBuffer buffer = ByteBuffer.allocate(Math.max(CHUNK_BYTES, PREFIX_BYTES + header.length))
                    .order(ByteOrder.LITTLE_ENDIAN);
            buffer.put(MAGIC).putInt(header.length).put(header);
            drain(buffer, digest, out);
            OptimiserState state = checkpoint.optimiser();
            for (float[] vector :
                    new float[][] {checkpoint.parameters(), checkpoint.anchor(), state.mean(), state.meanSquare()}) {
                write(vector, buffer, digest, out);
            }
            AtomicFile.drain(ByteBuffer.wrap(digest.digest()), out);
        });
    }

    private static void write(float[] vector, ByteBuffer buffer, MessageDigest digest, FileChannel out)
            throws IOException {
        for (int from = 0; from < vector.length; from += CHUNK_BYTES / Float.BYTES) {
            int length = Math.min(CHUNK_BYTES / Float.BYTES, vector.length - from);
            buffer.asFloatBuffer().put(vector, from, length);
            buffer.position(length * Float.BYTES);
            drain(buffer, digest, out);
        }
    }

    private static void drain(ByteBuffer buffer, MessageDigest digest, FileChannel out) throws IOException {
        buffer.flip();
        digest.update(buffer.duplicate());
        AtomicFile.drain(buffer, out);
        buffer.clear();
    }

    private static byte[] header(Checkpoint checkpoint) throws IOException {
        ObjectNode json = JSON.createObjectNode();
        json.put("step", checkpoint.step());
        json.put("optimiserSteps", checkpoint.optimiser().steps());
        json.put("parameters", checkpoint.parameters().length);
        json.put("anchor", checkpoint.anchor().length);
        checkpoint
                .best()
                .ifPresent(
                        best -> json.putObject("best").put("step", best.step()).put("r2", best.r2()));
        ObjectNode facts = json.putObject("facts");
        checkpoint.facts().forEach(facts::put);
        return JSON.writeValueAsBytes(json);
    }

    /**
     * Reads a checkpoint.
     *
     * @throws CheckpointException if the file is no checkpoint, cut off, or not what was written
     */
    public static Checkpoint read(Path file) throws IOException {
        try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
            MessageDigest digest = sha256();
            ByteBuffer prefix = read(in, PREFIX_BYTES, digest, file);
            byte[] magic = new byte[MAGIC.length];
            prefix.get(magic);
            int headerBytes = prefix.getInt();
            if (!MessageDigest.isEqual(magic, MAGIC) || headerBytes < 2 || headerBytes > in.size() - PREFIX_BYTES) {
                throw new CheckpointException(file + " is not a checkpoint of this program, or is cut off");
            }
            JsonNode header = parse(file, read(in, headerBytes, digest, file).array());
            int parameters = header.path("parameters").asInt(-1);
            int anchor = header.path("anchor").asInt(-1);
            long expected = PREFIX_BYTES + headerBytes + (3L * parameters + anchor) * Float.BYTES + DIGEST_BYTES;
            if (parameters < 1 || anchor < 0 || in.size() != expected) {
                throw new CheckpointException(
                        file + " is damaged: it has " + in.size() + " bytes, but its header announces " + expected);
            }
            float[][] vectors = new float[4][];
            for (int v = 0; v < vectors.length; v++) {
                vectors[v] = read(in, new float[v == 1 ? anchor : parameters], digest, file);
            }
            byte[] written = read(in, DIGEST_BYTES, sha256(), file).array();
            if (!MessageDigest.isEqual(written, digest.digest())) {
                throw new CheckpointException(file + " is damaged: its bytes are not those that were written");
            }
            return new Checkpoint(
                    header.path("step").asLong(),
                    facts(header),
                    vectors[0],
                    vectors[1],
                    new OptimiserState(header.path("optimiserSteps").asLong(), vectors[2], vectors[3]),
                    best(header.path("best")));
        }
    }

    private static JsonNode parse(Path file, byte[] header) throws CheckpointException {
        try {
            return JSON.readTree(new String(header, StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            throw new CheckpointException(file + " is damaged: its header is not JSON", e);
        }
    }

    private static Map<String, String> facts(JsonNode header) {
        Map<String, String> facts = new LinkedHashMap<>();
        header.path("facts")
                .properties()
                .forEach(fact -> facts.put(fact.getKey(), fact.getValue().asText()));
        return facts;
    }

    private static Optional<BestEvaluation> best(JsonNode best) {
        return best.isObject()
                ? Optional.of(new BestEvaluation(
                        best.path("step").asLong(), best.path("r2").asDouble()))
                : Optional.empty();
    }

    private static ByteBuffer read(FileChannel in, int bytes, MessageDigest digest, Path file) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        fill(buffer, in, file);
        digest.update(buffer.duplicate());
        return buffer;
    }

    private static float[] read(FileChannel in, float[] vector, MessageDigest digest, Path file) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int from = 0; from < vector.length; from += CHUNK_BYTES / Float.BYTES) {
            int length = Math.min(CHUNK_BYTES / Float.BYTES, vector.length - from);
            buffer.clear().limit(length * Float.BYTES);
            fill(buffer, in, file);
            digest.update(buffer.duplicate());
            buffer.asFloatBuffer().get(vector, from, length);
        }
        return vector;
    }

    private static void fill(ByteBuffer buffer, FileChannel in, Path file) throws IOException {
        while (buffer.hasRemaining()) {
            if (in.read(buffer) < 0) {
                throw new CheckpointException(file + " is cut off", new EOFException());
            }
        }
        buffer.flip();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
