package org.commissure.privacy.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.commissure.protocol.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WitnessTest {
    private static final Instant TIME = Instant.ofEpochSecond(1_700_000_000);

    @TempDir
    private Path home;

    @Test
    void aCosignatureIsThatOfC2sp() throws Exception {
        JsonNode facts = ReferenceFolder.json("c2sp_facts.json").get("checkpoint_cosigned");
        byte[] data = new byte[33];
        data[0] = 4;
        System.arraycopy(
                MerkleHash.sha256().digest("witness-seed".getBytes(StandardCharsets.US_ASCII)), 0, data, 1, 32);
        NoteKey witness = NoteKey.parseSecret(
                NoteKey.Kind.WITNESS,
                "PRIVATE+KEY+hospital-a.example/witness+9af46ee0+"
                        + Base64.getEncoder().encodeToString(data));
        assertThat(witness.verifier().text())
                .isEqualTo(facts.get("witness_vkey").asText());
        SignedNote note = SignedNote.parse(facts.get("note").asText()).orElseThrow();
        SignedNote.Line line = note.signatures().getLast();
        assertThat(witness.verifier().cosigned(note.text(), line)).hasValue(TIME);
        assertThat(witness.cosign(note.text(), TIME).format()).isEqualTo(line.format());
        assertThat(witness.verifier().cosigned(note.text() + "x", line)).isEmpty();
        line.bytes()[11] ^= 1; // the time
        assertThat(witness.verifier().cosigned(note.text(), line)).isEmpty();
        assertThatThrownBy(() -> witness.sign("x")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aTlogProofIsThatOfC2sp() throws Exception {
        JsonNode facts = ReferenceFolder.json("c2sp_facts.json");
        TlogProof proof = TlogProof.parse(facts.get("tlog_proof").asText()).orElseThrow();
        NoteKey.Verifier log = NoteKey.Verifier.parse(
                NoteKey.Kind.LOG,
                facts.get("checkpoint_cosigned").get("log_vkey").asText());
        Checkpoint checkpoint = Checkpoint.open(proof.checkpoint(), log).orElseThrow();
        byte[] leaf = {0x20, 0x21};
        assertThat(proof.index()).isEqualTo(3);
        assertThat(proof.proves(leaf, checkpoint)).isTrue();
        assertThat(proof.proves(new byte[] {0x20, 0x22}, checkpoint)).isFalse();
        assertThat(TlogProof.parse(facts.get("tlog_proof").asText().replace("index 3", "index 03")))
                .isEmpty();
    }

    @Test
    void aLogThatGrowsIsCosignedAndTheCosignaturesVerify() throws Exception {
        LogFixture federation = new LogFixture(home);
        try (TransparencyLog log = federation.create()) {
            Witness witness = federation.witness();
            federation.introduce(log, witness);
            for (int size = 1; size < 600; size += 97) {
                LogFixture.cosign(log, witness, TIME);
                assertThat(witness.size()).isEqualTo(log.size());
                federation.append(log, size, 97);
            }
            LogFixture.cosign(log, witness, TIME.plusSeconds(5));
            assertThat(log.checkpoint().lines().filter(line -> line.startsWith("— ")))
                    .hasSize(2);
        }
        LogVerification found = LogVerifier.verify(federation.log);
        assertThat(found.ok()).as("%s", found.problem()).isTrue();
        assertThat(found.cosignatures())
                .containsExactly(new Cosignature("commissure/net/NYU", found.size(), TIME.plusSeconds(5)));
        try (TransparencyLog log = federation.open()) {
            federation.append(log, 0, 1); // the newest checkpoint has no cosignature yet
        }
        assertThat(LogVerifier.verify(federation.log).cosignatures())
                .containsExactly(new Cosignature("commissure/net/NYU", found.size(), TIME.plusSeconds(5)));
    }

    @Test
    void aShortenedOrForkedLogIsRefusedAlsoAfterARestartAndTheProofIsKept() throws Exception {
        LogFixture federation = new LogFixture(home);
        federation.createWith(5);
        Path older = federation.copy(federation.log, "older");
        Path fork = federation.copy(federation.log, "fork");
        try (TransparencyLog log = federation.open()) {
            federation.append(log, 5, 4);
            assertThat(federation.witness().judge(log.offer(0), TIME)).isInstanceOf(WitnessAnswer.Cosigned.class);
        }
        try (TransparencyLog log = TransparencyLog.open(older, federation.key)) {
            assertRefused(federation.witness().judge(log.offer(9), TIME), "has 5 entries, and this site saw 9");
        }
        try (TransparencyLog log = TransparencyLog.open(fork, federation.key)) {
            federation.append(log, 50, 4);
            assertRefused(federation.witness().judge(log.offer(9), TIME), "another one of 9 entries was seen");
            federation.append(log, 60, 4);
            assertRefused(federation.witness().judge(log.offer(9), TIME), "13 entries do not extend the 9");
        }
        Witness restarted = federation.witness();
        assertThat(restarted.size()).isEqualTo(9);
        assertThat(restarted.refusals()).hasSize(3);
        JsonNode evidence = new ObjectMapper()
                .readTree(Files.readAllBytes(restarted.refusals().getFirst()));
        NoteKey.Verifier log = NoteKey.Verifier.parse(NoteKey.Kind.LOG, federation.verifierKey());
        assertThat(List.of("seen", "offered"))
                .allSatisfy(
                        which -> assertThat(Checkpoint.open(evidence.get(which).asText(), log))
                                .isPresent());
        try (TransparencyLog honest = federation.open()) {
            federation.append(honest, 9, 1);
            assertThat(restarted.judge(honest.offer(9), TIME)).isInstanceOf(WitnessAnswer.Cosigned.class);
        }
    }

    @Test
    void aWrongStartGetsTheWitnessesOwnSizeAndAForeignSignatureARefusal() {
        LogFixture federation = new LogFixture(home);
        try (TransparencyLog log = federation.create()) {
            federation.append(log, 0, 6);
            Witness witness = federation.witness();
            assertThat(witness.judge(log.offer(0), TIME)).isInstanceOf(WitnessAnswer.Cosigned.class);
            federation.append(log, 6, 3);
            assertThat(witness.judge(log.offer(4), TIME)).isEqualTo(new WitnessAnswer.StandsElsewhere(6));
            CheckpointOffer good = log.offer(6);
            CheckpointOffer unsigned = new CheckpointOffer(good.note().replace("\n9\n", "\n10\n"), 6, good.proof());
            assertRefused(witness.judge(unsigned, TIME), "not signed with the log's key");
            assertRefused(witness.judge(new CheckpointOffer(good.note(), 6, List.of()), TIME), "or its proof is wrong");
            assertThat(witness.judge(good, TIME)).isInstanceOf(WitnessAnswer.Cosigned.class);
        }
    }

    @Test
    void nothingIsCosignedBeforeItIsDurable() throws Exception {
        LogFixture federation = new LogFixture(home);
        try (TransparencyLog log = federation.create()) {
            federation.append(log, 0, 6);
            Witness witness = federation.witness();
            Path obstacle = home.resolve("witness/seen/x");
            Files.createDirectories(obstacle); // the disk does not take the file
            assertThatThrownBy(() -> witness.judge(log.offer(0), TIME)).isInstanceOf(UserError.class);
            assertThat(witness.size()).isZero();
        }
    }

    @Test
    void aDamagedMemoryIsNotTakenForAnEmptyOne() throws Exception {
        LogFixture federation = new LogFixture(home);
        try (TransparencyLog log = federation.create()) {
            federation.append(log, 0, 6);
            assertThat(federation.witness().judge(log.offer(0), TIME)).isInstanceOf(WitnessAnswer.Cosigned.class);
        }
        Path seen = home.resolve("witness/seen");
        byte[] whole = Files.readAllBytes(seen);
        for (int length = 1; length < whole.length; length++) {
            Files.write(seen, Arrays.copyOf(whole, length));
            assertThatThrownBy(federation::witness).as("%d bytes", length).isInstanceOf(UserError.class);
        }
    }

    @Test
    void aCosignatureByAnUnknownKeyIsNotKept() {
        LogFixture federation = new LogFixture(home);
        try (TransparencyLog log = federation.create()) {
            federation.append(log, 0, 2);
            Witness witness = federation.witness();
            CheckpointOffer offer = log.offer(0);
            WitnessAnswer.Cosigned agreed = (WitnessAnswer.Cosigned) witness.judge(offer, TIME);
            assertThat(log.cosigned("NYU", offer.note(), agreed.line())).isFalse();
            federation.introduce(log, witness);
            assertThat(log.cosigned("PITT", offer.note(), agreed.line())).isFalse();
            assertThat(log.cosigned("NYU", offer.note(), agreed.line().replace("A", "B")))
                    .isFalse();
            assertThat(log.cosigned("NYU", offer.note(), agreed.line())).isTrue();
        }
        assertThat(LogVerifier.verify(federation.log).cosignatures()).hasSize(1);
    }

    private static void assertRefused(WitnessAnswer answer, String why) {
        assertThat(answer)
                .isInstanceOfSatisfying(
                        WitnessAnswer.Refused.class,
                        refused -> assertThat(refused.reason()).contains(why));
    }
}
