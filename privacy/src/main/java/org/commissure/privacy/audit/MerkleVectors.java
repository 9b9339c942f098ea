package org.commissure.privacy.audit;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.commissure.protocol.UserError;

/**
 * Judges published test vectors of Merkle proofs, in the form of transparency-dev/merkle: an array of
 * objects with {@code leafIdx, treeSize, leafHash, proof, root} (inclusion) or {@code size1, size2,
 * root1, root2, proof} (consistency), and {@code wantErr}. A number that is no tree size, or a hash
 * that is not Base64, makes a proof that is refused, never an error.
 */
public final class MerkleVectors {
    private MerkleVectors() {}

    /**
     * @param kind {@code inclusion} or {@code consistency}
     * @param expected whether the proof should be accepted
     * @param accepted whether it was
     */
    public record Result(String id, String kind, boolean expected, boolean accepted) {
        public boolean passed() {
            return expected == accepted;
        }
    }

    /** @throws UserError if {@code document} is no array of such objects */
    public static List<Result> judge(JsonNode document) {
        if (!document.isArray() || document.isEmpty()) {
            throw unknown("the file holds no array of vectors");
        }
        List<Result> results = new ArrayList<>();
        for (JsonNode vector : document) {
            String id = vector.path("id").asText(Integer.toString(results.size()));
            boolean expected = !vector.path("wantErr").asBoolean();
            if (vector.has("leafIdx") && vector.has("treeSize") && vector.has("leafHash")) {
                results.add(new Result(id, "inclusion", expected, includes(vector)));
            } else if (vector.has("size1") && vector.has("size2")) {
                results.add(new Result(id, "consistency", expected, isConsistent(vector)));
            } else {
                throw unknown("vector " + id + " is neither of inclusion nor of consistency");
            }
        }
        return List.copyOf(results);
    }

    private static boolean includes(JsonNode vector) {
        try {
            return MerkleProofs.includes(
                    number(vector.path("leafIdx")),
                    number(vector.path("treeSize")),
                    bytes(vector.path("leafHash")),
                    proof(vector.path("proof")),
                    bytes(vector.path("root")));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean isConsistent(JsonNode vector) {
        try {
            return MerkleProofs.extendsTree(
                    number(vector.path("size1")),
                    number(vector.path("size2")),
                    proof(vector.path("proof")),
                    bytes(vector.path("root1")),
                    bytes(vector.path("root2")));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static long number(JsonNode value) {
        if (!value.isIntegralNumber() || value.bigIntegerValue().bitLength() >= Long.SIZE) {
            throw new IllegalArgumentException("no tree size: " + value);
        }
        return value.longValue();
    }

    private static List<byte[]> proof(JsonNode hashes) {
        List<byte[]> proof = new ArrayList<>();
        hashes.forEach(hash -> proof.add(bytes(hash)));
        return proof;
    }

    private static byte[] bytes(JsonNode base64) {
        return base64.isTextual() ? Base64.getDecoder().decode(base64.textValue()) : new byte[0];
    }

    private static UserError unknown(String what) {
        return new UserError(
                what, "name a JSON file of inclusion or consistency vectors, as transparency-dev/merkle has them");
    }
}
