package org.commissure.models.brainlm;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.commissure.models.weights.ParameterLayout;

/**
 * First parameters of {@code commissure}: random, but with an open path from the visible patches to the
 * prediction. Under patient-level privacy a model gets some hundred noisy steps; from the original's N(0, .02) it
 * spends all of them on a plateau, predicting zero, before attention finds out where to look. The start uses no data:
 *
 * <ol>
 *   <li>Time, signal and place are written into mutually orthogonal directions of the hidden space, as far as it has
 *       room. The signal is kept small ({@value #SIGNAL}) against the time encoding: layer norm divides by a row's
 *       length, and a strong patch must not shrink its own key.
 *   <li>Queries equal keys, but for noise (cf. Trockman &amp; Kolter 2023, "Mimetic initialization"), and read time and
 *       place: a masked token looks at visible tokens of its own time and, softly, its own region.
 *   <li>Values pass through. The decoder's attention adds what it saw; the encoder's starts silent.
 *   <li>The head reads the signal's directions in the linear part of its LeakyReLU and answers with a fraction of them.
 * </ol>
 */
public final class Initialisation {
    private static final double SIGNAL = 0.3;
    private static final double CLS = 2;
    private static final double TIME_SHARPNESS = 2;
    private static final double PLACE_SHARPNESS = 3;
    private static final double QUERY_KEY_NOISE = 0.2;
    private static final double FEED_FORWARD = 0.1;
    private static final double MASK_TOKEN = 0.02;
    private static final double HEAD_BIAS = 1;
    private static final double HEAD_GAIN = 0.7;

    private final BrainLmConfiguration c;
    private final int h;
    private final ParameterLayout layout;
    private final float[] flat;
    private final RandomGenerator random;
    private final Directions directions;

    private Initialisation(BrainLmConfiguration c, long seed) {
        this.c = c;
        h = c.encoder().width();
        layout = BrainLmLayout.of(c);
        flat = new float[layout.parameterCount()];
        random = new SplittableRandom(seed);
        directions = Directions.random(c, random);
    }

    /**
     * The same configuration and seed give the same bits on the same kind of machine; the model file carries them on.
     * The structured start above is for {@link BrainLmConfiguration.Variant#COMMISSURE} with one width and one number of
     * heads throughout; other shapes start as the original does.
     *
     * @throws IllegalArgumentException if this is no BrainLM
     */
    public static float[] parameters(ModelConfiguration configuration, long seed) {
        if (configuration instanceof VitMaeConfiguration c) {
            return OriginalInitialisation.parameters(c.layout(), false, seed);
        }
        if (!(configuration instanceof BrainLmConfiguration c)) {
            throw new IllegalArgumentException("a model of preset " + configuration.preset() + " starts elsewhere");
        }
        if (!isUniform(c)) {
            return OriginalInitialisation.parameters(c.layout(), true, seed);
        }
        var initialisation = new Initialisation(c, seed);
        initialisation.fill();
        return initialisation.flat;
    }

    private static boolean isUniform(BrainLmConfiguration c) {
        return c.variant() == BrainLmConfiguration.Variant.COMMISSURE
                && c.encoder().width() == c.decoder().width()
                && c.encoder().heads() == c.decoder().heads()
                && c.encoder().feedForward() == c.decoder().feedForward();
    }

    private void fill() {
        for (ParameterLayout.Tensor tensor : layout.tensors()) {
            if (tensor.name().contains("norm") && tensor.name().endsWith(".weight")) {
                set(tensor.name(), (row, column) -> 1);
            }
        }
        set("vit.embeddings.cls_token", (row, j) -> CLS * directions.cls()[j]);
        set("decoder.mask_token", (row, j) -> MASK_TOKEN * random.nextGaussian());
        set(
                "vit.embeddings.signal_embedding_projection.weight",
                (j, frame) -> SIGNAL * directions.signal()[frame][j]);
        set(
                "vit.embeddings.xyz_embedding_projection.weight",
                (j, axis) -> directions.place()[axis][j]);
        set("decoder.decoder_xyz_projection.weight", (j, axis) -> directions.place()[axis][j]);
        set("decoder.decoder_embed.weight", Initialisation::identity);
        for (int i = 0; i < c.encoder().layers(); i++) {
            layer(BrainLmLayout.encoderLayer(i), 0);
        }
        for (int i = 0; i < c.decoder().layers(); i++) {
            layer(BrainLmLayout.decoderLayer(i), 1);
        }
        head();
    }

    private void layer(String prefix, double attentionGain) {
        for (int head = 0; head < c.encoder().heads(); head++) {
            queriesAndKeys(prefix + ".attention.self.", head * c.encoder().headSize());
        }
        set(prefix + ".attention.self.value.weight", Initialisation::identity);
        set(prefix + ".attention.output.dense.weight", (row, j) -> attentionGain * identity(row, j));
        set(prefix + ".intermediate.dense.weight", (row, j) -> random.nextGaussian() / Math.sqrt(h));
        set(
                prefix + ".output.dense.weight",
                (row, j) -> FEED_FORWARD
                        * random.nextGaussian()
                        / Math.sqrt(c.encoder().feedForward()));
    }

    /** One head's rows of W_q and W_k: what tells times apart, then the three axes, mixed where rows are too few. */
    private void queriesAndKeys(String prefix, int firstRow) {
        int read = c.patches() + 3;
        int rows = c.encoder().headSize();
        int query = layout.tensor(prefix + "query.weight").offset();
        int key = layout.tensor(prefix + "key.weight").offset();
        for (int row = 0; row < rows; row++) {
            double[] mix = new double[read];
            for (int i = 0; i < read; i++) {
                mix[i] = rows >= read ? identity(row, i) : random.nextGaussian() / Math.sqrt(rows);
            }
            for (int j = 0; j < h; j++) {
                double shared = 0;
                for (int i = 0; i < read; i++) {
                    shared += i < c.patches()
                            ? TIME_SHARPNESS * mix[i] * directions.time()[i][j]
                            : PLACE_SHARPNESS * mix[i] * directions.place()[i - c.patches()][j];
                }
                int at = (firstRow + row) * h + j;
                flat[query + at] = (float) (shared + QUERY_KEY_NOISE * random.nextGaussian() / Math.sqrt(h));
                flat[key + at] = (float) (shared + QUERY_KEY_NOISE * random.nextGaussian() / Math.sqrt(h));
            }
        }
    }

    private void head() {
        int p = c.patchFrames();
        int reading = Math.min(p, h / 2);
        set(
                "decoder.decoder_pred1.weight",
                (row, j) -> row < reading ? directions.signal()[row][j] : random.nextGaussian() / Math.sqrt(h));
        set("decoder.decoder_pred1.bias", (zero, row) -> row < reading ? HEAD_BIAS : 0);
        set("decoder.decoder_pred2.weight", (frame, j) -> j < reading ? HEAD_GAIN * identity(frame, j) : 0);
        set("decoder.decoder_pred2.bias", (zero, frame) -> frame < reading ? -HEAD_GAIN * HEAD_BIAS : 0);
    }

    private interface Entry {
        double at(int row, int column);
    }

    /** Fills a tensor in storage order; vectors are one row. */
    private void set(String name, Entry entry) {
        ParameterLayout.Tensor tensor = layout.tensor(name);
        int columns = tensor.shape().getLast();
        for (int i = 0; i < tensor.length(); i++) {
            flat[tensor.offset() + i] = (float) entry.at(i / columns, i % columns);
        }
    }

    private static double identity(int row, int column) {
        return row == column ? 1 : 0;
    }
}
