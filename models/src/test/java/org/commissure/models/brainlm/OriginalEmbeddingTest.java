package org.commissure.models.brainlm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.commissure.models.tensor.LayerNorm;
import org.commissure.models.tensor.Workspace;
import org.commissure.models.weights.ParameterLayout;
import org.commissure.models.weights.Safetensors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Those parts of {@code commissure-small} that are the original's, against numbers that the original code computed: 24
 * parcels × 40 frames, patch 20, hidden 32, batch 2. Its layers are post-norm with a convolution, so whole outputs
 * cannot agree.
 */
class OriginalEmbeddingTest {
    private static final int PARCELS = 24;
    private static final int HIDDEN = 32;

    private Path reference = Path.of("");
    private float[] weights = {};
    private ParameterLayout layout = new ParameterLayout.Builder().build();

    @BeforeEach
    void findTheReference() throws IOException {
        reference = shared().resolve("reference/brainlm/tiny");
        boolean there = Files.isDirectory(reference);
        if (!there) {
            System.out.println("skipped: no reference numbers at " + reference);
        }
        Assumptions.assumeTrue(there);
        Safetensors.Contents contents = Safetensors.read(reference.resolve("weights.safetensors"));
        weights = contents.values();
        layout = contents.layout();
    }

    @Test
    void timeEncodingIsTheOriginals() throws IOException {
        float[] expected = npy("outputs/pe_first_rows.npy");
        float[] table = TimeEncoding.table(expected.length / HIDDEN, HIDDEN);
        for (int i = 0; i < expected.length; i++) {
            assertThat(table[i]).isCloseTo(expected[i], within(2e-6f));
        }
    }

    @Test
    void theEncoderSeesTheRowsThatTheOriginalsSees() throws IOException {
        // The original reads raw millimetres: feed coordinates whose unit form, times a scale folded into Wx, is
        // theirs.
        float[] signal = npy("inputs/signal_vectors.npy");
        float[] xyz = npy("inputs/xyz_vectors.npy");
        int[] keep = npyInts("outputs/ids_keep.npy");
        float[] expected = npy("outputs/encoder_hidden_0.npy");
        int kept = keep.length / 2;
        for (int sample = 0; sample < 2; sample++) {
            float[][] millimetres = new float[PARCELS][];
            for (int p = 0; p < PARCELS; p++) {
                int at = (sample * PARCELS + p) * 3;
                millimetres[p] = new float[] {xyz[at], xyz[at + 1], xyz[at + 2]};
            }
            var c = new BrainLmConfiguration(PARCELS, 40, 20, HIDDEN, 2, 2, 4, 64, millimetres);
            boolean[] hidden = new boolean[c.tokens()];
            java.util.Arrays.fill(hidden, true);
            for (int i = 0; i < kept; i++) {
                hidden[keep[sample * kept + i]] = false;
            }
            Mask mask = Mask.hiding(hidden);
            var plan = new Workspace.Plan();
            var parameters = ParameterMemory.reserve(plan, BrainLmLayout.of(c), c.tokens() + 1);
            var tables = new TokenTables(plan, c);
            var input = new EncoderInput(plan, parameters, c, tables);
            try (Workspace w = plan.allocate()) {
                tables.fill(w);
                copyOriginal(w, parameters, "vit.embeddings.cls_token");
                copyOriginal(w, parameters, "vit.embeddings.signal_embedding_projection.weight");
                copyOriginal(w, parameters, "vit.embeddings.signal_embedding_projection.bias");
                foldMillimetresIn(w, parameters, c);
                float[] window =
                        java.util.Arrays.copyOfRange(signal, sample * PARCELS * 40, (sample + 1) * PARCELS * 40);
                int rows = input.forward(w, window, mask);
                for (int row = 0; row <= kept; row++) {
                    // Ours are in ascending order, the original's in the order of ids_keep.
                    int theirs = row == 0 ? 0 : 1 + indexOf(keep, sample * kept, kept, mask.visible(row - 1));
                    for (int j = 0; j < HIDDEN; j++) {
                        assertThat(w.get(rows + row * HIDDEN + j))
                                .as("sample %d row %d column %d", sample, row, j)
                                .isCloseTo(expected[(sample * (kept + 1) + theirs) * HIDDEN + j], within(2e-4f));
                    }
                }
            }
        }
    }

    @Test
    void theFinalNormIsTheOriginals() throws IOException {
        float[] before = npy("outputs/encoder_hidden_2.npy");
        float[] expected = npy("outputs/encoder_last_hidden.npy");
        int rows = before.length / HIDDEN;
        var plan = new Workspace.Plan();
        int x = plan.reserve(before.length);
        int y = plan.reserve(before.length);
        int scale = plan.reserve(HIDDEN);
        int shift = plan.reserve(HIDDEN);
        int statistics = plan.reserve(2L * rows);
        try (Workspace w = plan.allocate()) {
            w.copyIn(before, 0, x, before.length);
            w.copyIn(weights, layout.tensor("vit.layernorm.weight").offset(), scale, HIDDEN);
            w.copyIn(weights, layout.tensor("vit.layernorm.bias").offset(), shift, HIDDEN);
            LayerNorm.forward(w, x, rows, HIDDEN, scale, shift, y, statistics);
            for (int i = 0; i < expected.length; i++) {
                assertThat(w.get(y + i)).isCloseTo(expected[i], within(2e-5f));
            }
        }
    }

    @Test
    void theHeadIsTheOriginals() throws IOException {
        float[] before = npy("outputs/decoder_hidden_2.npy");
        float[] expected = npy("outputs/logits.npy");
        var c = new BrainLmConfiguration(PARCELS, 40, 20, HIDDEN, 2, 2, 4, 64, new float[PARCELS][3]);
        var plan = new Workspace.Plan();
        var parameters = ParameterMemory.reserve(plan, BrainLmLayout.of(c), c.tokens() + 1);
        var scratch = TransformerLayer.Scratch.reserve(plan, c, c.tokens() + 1);
        var head = new ReconstructionHead(plan, parameters, c, scratch);
        int x = plan.reserve((long) c.tokens() * HIDDEN);
        try (Workspace w = plan.allocate()) {
            for (String name : List.of("decoder_norm", "decoder_pred1", "decoder_pred2")) {
                copyOriginal(w, parameters, "decoder." + name + ".weight");
                copyOriginal(w, parameters, "decoder." + name + ".bias");
            }
            for (int sample = 0; sample < 2; sample++) {
                // Row 0 of each sample is CLS, which the head does not see.
                w.copyIn(before, (sample * (c.tokens() + 1) + 1) * HIDDEN, x, c.tokens() * HIDDEN);
                int predicted = head.forward(w, x, c.tokens());
                for (int i = 0; i < c.tokens() * 20; i++) {
                    assertThat(w.get(predicted + i)).isCloseTo(expected[sample * c.tokens() * 20 + i], within(2e-4f));
                }
            }
        }
    }

    private void copyOriginal(Workspace w, ParameterMemory parameters, String name) {
        var tensor = layout.tensor(name);
        w.copyIn(weights, tensor.offset(), parameters.value(name), tensor.length());
    }

    /** Wx·mm + bx = (Wx·halfExtent)·unit + (bx + Wx·middle). */
    private void foldMillimetresIn(Workspace w, ParameterMemory parameters, BrainLmConfiguration c) {
        String name = "vit.embeddings.xyz_embedding_projection";
        float[][] mm = c.coordinatesMillimetres();
        float[][] unit = c.unitCoordinates();
        double[] middle = new double[3];
        double halfExtent = 0;
        for (int axis = 0; axis < 3; axis++) {
            double low = Double.POSITIVE_INFINITY;
            double high = Double.NEGATIVE_INFINITY;
            for (float[] row : mm) {
                low = Math.min(low, row[axis]);
                high = Math.max(high, row[axis]);
            }
            middle[axis] = (low + high) / 2;
            halfExtent = Math.max(halfExtent, (high - low) / 2);
        }
        assertThat(unit[0][0] * halfExtent + middle[0]).isCloseTo(mm[0][0], within(1e-4));
        for (int j = 0; j < HIDDEN; j++) {
            double bias = weights[layout.tensor(name + ".bias").offset() + j];
            for (int axis = 0; axis < 3; axis++) {
                double weight = weights[layout.tensor(name + ".weight").offset() + 3 * j + axis];
                bias += weight * middle[axis];
                w.set(parameters.value(name + ".weight") + 3 * j + axis, (float) (weight * halfExtent));
            }
            w.set(parameters.value(name + ".bias") + j, (float) bias);
        }
    }

    private static int indexOf(int[] values, int from, int count, int wanted) {
        for (int i = 0; i < count; i++) {
            if (values[from + i] == wanted) {
                return i;
            }
        }
        throw new AssertionError("token " + wanted + " was not kept");
    }

    private float[] npy(String name) throws IOException {
        ByteBuffer data = npyData(name);
        float[] values = new float[data.remaining() / Float.BYTES];
        data.asFloatBuffer().get(values);
        return values;
    }

    private int[] npyInts(String name) throws IOException {
        ByteBuffer data = npyData(name);
        int[] values = new int[data.remaining() / Integer.BYTES];
        data.asIntBuffer().get(values);
        return values;
    }

    /** NPY 1.0: 8 bytes of magic and version, a 16-bit header length, the header, the data. */
    private ByteBuffer npyData(String name) throws IOException {
        ByteBuffer bytes =
                ByteBuffer.wrap(Files.readAllBytes(reference.resolve(name))).order(ByteOrder.LITTLE_ENDIAN);
        int length = Short.toUnsignedInt(bytes.getShort(8));
        assertThat(new String(bytes.array(), 10, length, StandardCharsets.US_ASCII))
                .contains("'fortran_order': False");
        return bytes.position(10 + length).slice().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The folder of reference numbers: {@code COMMISSURE_SHARED}, else {@code shared} beside the repository. */
    private static Path shared() {
        String named = System.getenv("COMMISSURE_SHARED");
        if (named != null) {
            return Path.of(named);
        }
        Path folder = Path.of(System.getProperty("user.dir")).toAbsolutePath();
        for (Path at = folder; at != null; at = at.getParent()) {
            if (Files.isDirectory(at.resolve("models")) && Files.isRegularFile(at.resolve("pom.xml"))) {
                return at.resolveSibling("shared");
            }
        }
        return folder.resolve("shared");
    }
}
