package org.commissure.coordinator.report;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.commissure.privacy.identity.SignedMessages;

/**
 * The float32 values of a run's {@code model.safetensors}, for vectors that fit into memory.
 *
 * @param data the file's data section
 */
record PublishedModel(ByteString data) {
    /** @throws IOException if the file cannot be read, or is shorter than its header says */
    static PublishedModel read(Path model) throws IOException {
        byte[] bytes = Files.readAllBytes(model);
        long start = bytes.length < Long.BYTES
                ? -1
                : Long.BYTES
                        + ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
        if (start < Long.BYTES || start > bytes.length) {
            throw new IOException(model + " is no safetensors file");
        }
        return new PublishedModel(ByteString.copyFrom(bytes, (int) start, bytes.length - (int) start));
    }

    /** Hex, of the data section. */
    String sha256() {
        return HexFormat.of().formatHex(SignedMessages.sha256(data).toByteArray());
    }

    float[] values() {
        FloatBuffer floats =
                data.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
        float[] values = new float[floats.remaining()];
        floats.get(values);
        return values;
    }
}
