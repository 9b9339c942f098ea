package org.commissure.privacy.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The formats that others define, against facts that others computed. */
class FormatFactsTest {
    private static final HexFormat HEX = HexFormat.of();

    @Test
    void hashesAndRootsAreThoseOfRfc6962() throws Exception {
        JsonNode facts = ReferenceFolder.json("c2sp_facts.json").get("rfc6962");
        MerkleEdge edge = new MerkleEdge();
        assertThat(HEX.formatHex(edge.root()))
                .isEqualTo(facts.get("root_hash_by_size").get(0).asText());
        for (int i = 0; i < facts.get("leaf_inputs_hex").size(); i++) {
            byte[] input = HEX.parseHex(facts.get("leaf_inputs_hex").get(i).asText());
            edge.add(MerkleHash.leaf(input), (level, index, hashes) -> {});
            assertThat(HEX.formatHex(edge.root()))
                    .isEqualTo(facts.get("root_hash_by_size").get(i + 1).asText());
        }
        assertThat(HEX.formatHex(MerkleHash.leaf("L123456".getBytes(StandardCharsets.US_ASCII))))
                .isEqualTo(facts.get("leaf_hash_L123456").asText());
        assertThat(HEX.formatHex(MerkleHash.node(
                        "N123".getBytes(StandardCharsets.US_ASCII), "N456".getBytes(StandardCharsets.US_ASCII))))
                .isEqualTo(facts.get("node_hash_N123_N456").asText());
    }

    @Test
    void aSignedNoteAndItsKeyAreRead() throws Exception {
        JsonNode facts = ReferenceFolder.json("c2sp_facts.json").get("signed_note");
        NoteKey.Verifier key =
                NoteKey.Verifier.parse(NoteKey.Kind.LOG, facts.get("vkey").asText());
        String note = facts.get("note").asText();
        assertThat(key.text()).isEqualTo(facts.get("vkey").asText());
        assertThat(SignedNote.parse(note).orElseThrow().isSignedBy(key)).isTrue();
        assertThat(SignedNote.parse(note).orElseThrow().format()).isEqualTo(note);
        assertThat(SignedNote.parse(note.replace("example message", "example massage"))
                        .orElseThrow()
                        .isSignedBy(key))
                .isFalse();
        assertThat(SignedNote.parse(note.stripTrailing())).isEmpty();
    }

    @Test
    void aCosignedCheckpointOpensAndIsSignedTheSameWay() throws Exception {
        JsonNode facts = ReferenceFolder.json("c2sp_facts.json").get("checkpoint_cosigned");
        String vkey = facts.get("log_vkey").asText();
        String note = facts.get("note").asText();
        Checkpoint checkpoint = Checkpoint.open(note, NoteKey.Verifier.parse(NoteKey.Kind.LOG, vkey))
                .orElseThrow();
        assertThat(checkpoint.size()).isEqualTo(7);
        assertThat(checkpoint.origin()).isEqualTo("federation.example/log1");
        assertThat(checkpoint.rootHex())
                .isEqualTo(HEX.formatHex(Base64.getDecoder().decode("3bib5AOAnjJXUNPSY814kpwpQreUKjS3fhIslZSnTIw=")));

        byte[] seed = MerkleHash.sha256().digest("log-seed".getBytes(StandardCharsets.US_ASCII));
        byte[] data = new byte[33];
        data[0] = 1;
        System.arraycopy(seed, 0, data, 1, 32);
        NoteKey key = NoteKey.parseSecret(
                NoteKey.Kind.LOG,
                "PRIVATE+KEY+federation.example/log1+e8a2452f+"
                        + Base64.getEncoder().encodeToString(data));
        assertThat(key.verifier().text()).isEqualTo(vkey);
        assertThat(note).startsWith(key.sign(checkpoint.text()).format()); // then comes the witness's line
    }

    @Test
    void aWitnessKeyIsNotTakenForALogs() throws Exception {
        JsonNode facts = ReferenceFolder.json("c2sp_facts.json").get("checkpoint_cosigned");
        String witness = facts.get("witness_vkey").asText();
        assertThatThrownBy(() -> NoteKey.Verifier.parse(NoteKey.Kind.LOG, witness))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void tilesAreNamedAndCutAsTheLayoutSays() throws Exception {
        JsonNode facts = ReferenceFolder.json("c2sp_facts.json").get("tiles");
        facts.get("index_encoding")
                .fields()
                .forEachRemaining(fact -> assertThat(TileFolder.encode(Long.parseLong(fact.getKey())))
                        .isEqualTo(fact.getValue().asText()));
        facts.get("layout").properties().forEach(fact -> {
            int size = Integer.parseInt(fact.getKey());
            Map<Integer, Long> full = new HashMap<>();
            MerkleEdge edge = new MerkleEdge();
            byte[] leaf = MerkleHash.leaf(new byte[0]);
            for (int i = 0; i < size; i++) {
                edge.add(leaf, (level, index, hashes) -> {
                    assertThat(index).isEqualTo(full.getOrDefault(level, 0L));
                    full.merge(level, 1L, Long::sum);
                });
            }
            assertThat(edge.levels()).isEqualTo(fact.getValue().size());
            for (JsonNode level : fact.getValue()) {
                int number = level.get("level").asInt();
                assertThat(full.getOrDefault(number, 0L))
                        .isEqualTo(level.get("full").asLong());
                assertThat(edge.partial(number).length / MerkleHash.BYTES)
                        .isEqualTo(level.get("partial").asInt())
                        .isEqualTo(MerkleEdge.widthAt(size, number));
            }
        });
    }

    @Test
    void aNoteKeyKeepsItsSecretToItself() {
        NoteKey key = NoteKey.generate(NoteKey.Kind.LOG, "net/log");
        assertThat(NoteKey.parseSecret(NoteKey.Kind.LOG, key.secret())
                        .verifier()
                        .text())
                .isEqualTo(key.verifier().text());
        assertThat(key.toString()).isEqualTo("NoteKey[net/log]");
        String broken = key.secret().substring(0, key.secret().length() - 4) + "!!!!";
        assertThatThrownBy(() -> NoteKey.parseSecret(NoteKey.Kind.LOG, broken))
                .hasMessage("not a note key")
                .hasNoCause();
    }
}
