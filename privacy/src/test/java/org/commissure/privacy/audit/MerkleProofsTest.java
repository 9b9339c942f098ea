package org.commissure.privacy.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Against the vectors of transparency-dev/merkle. */
class MerkleProofsTest {
    @Test
    void everyInclusionVectorIsJudgedAsItShouldBe() throws Exception {
        JsonNode vectors = ReferenceFolder.json("merkle_inclusion.json");
        assertThat(vectors.size()).isEqualTo(98);
        for (JsonNode vector : vectors) {
            boolean included = MerkleProofs.includes(
                    vector.get("leafIdx").bigIntegerValue().longValue(), // 2^64 - 1 becomes negative
                    vector.get("treeSize").bigIntegerValue().longValue(),
                    bytes(vector.get("leafHash")),
                    proof(vector),
                    bytes(vector.get("root")));
            assertThat(included).as(vector.get("id").asText()).isNotEqualTo(wantErr(vector));
        }
    }

    @Test
    void everyConsistencyVectorIsJudgedAsItShouldBe() throws Exception {
        JsonNode vectors = ReferenceFolder.json("merkle_consistency.json");
        assertThat(vectors.size()).isEqualTo(98);
        for (JsonNode vector : vectors) {
            boolean consistent = MerkleProofs.extendsTree(
                    vector.get("size1").bigIntegerValue().longValue(),
                    vector.get("size2").bigIntegerValue().longValue(),
                    proof(vector),
                    bytes(vector.get("root1")),
                    bytes(vector.get("root2")));
            assertThat(consistent).as(vector.get("id").asText()).isNotEqualTo(wantErr(vector));
        }
    }

    @Test
    void anOversizedProofIsRefused() {
        byte[] leaf = MerkleHash.leaf(new byte[0]);
        List<byte[]> proof = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            proof.add(leaf);
        }
        assertThat(MerkleProofs.includes(0, 2, leaf, proof, leaf)).isFalse();
        assertThat(MerkleProofs.includes(Long.MAX_VALUE - 1, Long.MAX_VALUE, leaf, proof, leaf))
                .isFalse();
        assertThat(MerkleProofs.extendsTree(1, 2, proof, leaf, leaf)).isFalse();
    }

    private static boolean wantErr(JsonNode vector) {
        return vector.get("wantErr").asBoolean();
    }

    private static List<byte[]> proof(JsonNode vector) {
        List<byte[]> proof = new ArrayList<>();
        vector.get("proof").forEach(hash -> proof.add(bytes(hash)));
        return proof;
    }

    private static byte[] bytes(JsonNode base64) {
        return base64.isNull() ? new byte[0] : Base64.getDecoder().decode(base64.asText());
    }
}
