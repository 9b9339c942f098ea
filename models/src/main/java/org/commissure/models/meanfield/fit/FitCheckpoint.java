package org.commissure.models.meanfield.fit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.commissure.models.durable.AtomicFile;

/**
 * The state of a long computation in a file that is whole or not there. Numbers are written with all their digits, so
 * that a fit that goes on from the file takes the same steps to the bit. The file names the inputs it belongs to.
 *
 * @param inputs {@link Fingerprint} of everything the state depends on
 */
record FitCheckpoint<T>(Path file, String kind, String inputs, Class<T> type) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String KIND = "kind";
    private static final String INPUTS = "inputs";
    private static final String STATE = "state";

    /** @throws FitCheckpointException if the file is damaged, or belongs to something else */
    Optional<T> read() throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            JsonNode node = JSON.readTree(file.toFile());
            if (node == null || !node.path(KIND).asText().equals(kind)) {
                throw new FitCheckpointException(file + " is no checkpoint of a " + kind);
            }
            if (!node.path(INPUTS).asText().equals(inputs)) {
                throw new FitCheckpointException(
                        "the checkpoint " + file + " belongs to other data, settings or seeds than this " + kind);
            }
            return Optional.of(JSON.treeToValue(node.required(STATE), type));
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new FitCheckpointException("the checkpoint " + file + " is damaged", e);
        }
    }

    void write(T state) throws IOException {
        ObjectNode node = JSON.createObjectNode();
        node.put(KIND, kind);
        node.put(INPUTS, inputs);
        node.set(STATE, JSON.valueToTree(state));
        AtomicFile.write(file, JSON.writeValueAsString(node));
    }
}
