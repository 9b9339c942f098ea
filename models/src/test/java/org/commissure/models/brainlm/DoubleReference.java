package org.commissure.models.brainlm;

import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.commissure.models.weights.ParameterLayout;

/**
 * The model once more, in double precision and as plainly as possible: matrices are {@code double[rows][columns]},
 * tokens stay in window order, nothing is fused or skipped. Tests differentiate it numerically.
 */
final class DoubleReference {
    private static final double EPSILON = 1e-6;

    private final BrainLmConfiguration c;
    private final ParameterLayout layout;
    private final double[] parameters;
    private final float[][] unitCoordinates;

    /** 0 for models that do not embed it. */
    private final double logRepetitionTime;

    DoubleReference(BrainLmConfiguration c, double[] parameters) {
        this(c, parameters, 2);
    }

    DoubleReference(BrainLmConfiguration c, double[] parameters, double repetitionTimeSeconds) {
        this.c = c;
        this.layout = BrainLmLayout.of(c);
        this.parameters = parameters;
        unitCoordinates = c.unitCoordinates();
        logRepetitionTime = Math.log(repetitionTimeSeconds / 2);
    }

    /** Mean squared error over masked values. */
    double loss(float[] window, Mask mask) {
        double[][] predicted = predict(window, mask);
        double sum = 0;
        for (int i = 0; i < mask.maskedCount(); i++) {
            int token = mask.masked(i);
            for (int t = 0; t < c.patchFrames(); t++) {
                double d = predicted[token][t] - window[token * c.patchFrames() + t];
                sum += d * d;
            }
        }
        return sum / ((double) mask.maskedCount() * c.patchFrames());
    }

    /** {@code [tokens][patchFrames]}. */
    double[][] predict(float[] window, Mask mask) {
        double[][] encoderRows = new double[1 + mask.visibleCount()][];
        encoderRows[0] = vector("vit.embeddings.cls_token");
        for (int i = 0; i < mask.visibleCount(); i++) {
            int token = mask.visible(i);
            double[] patch = IntStream.range(0, c.patchFrames())
                    .mapToDouble(t -> window[token * c.patchFrames() + t])
                    .toArray();
            encoderRows[i + 1] = sum(
                    linear("vit.embeddings.signal_embedding_projection", patch),
                    linear("vit.embeddings.xyz_embedding_projection", place(token)),
                    time(token));
            if (c.repetitionTimeEmbedding()) {
                encoderRows[i + 1] = sum(
                        encoderRows[i + 1],
                        map(vector("vit.embeddings.repetition_time_projection.weight"), v -> v * logRepetitionTime));
            }
        }
        double[][] x = encoderRows;
        for (int i = 0; i < c.encoder().layers(); i++) {
            x = layer("vit.encoder.layer." + i, x);
        }
        x = norm("vit.layernorm", x);

        double[][] decoderRows = new double[1 + c.tokens()][];
        decoderRows[0] = linear("decoder.decoder_embed", x[0]);
        for (int i = 0; i < mask.maskedCount(); i++) {
            decoderRows[1 + mask.masked(i)] = vector("decoder.mask_token");
        }
        for (int i = 0; i < mask.visibleCount(); i++) {
            decoderRows[1 + mask.visible(i)] = linear("decoder.decoder_embed", x[i + 1]);
        }
        for (int token = 0; token < c.tokens(); token++) {
            decoderRows[1 + token] =
                    sum(decoderRows[1 + token], linear("decoder.decoder_xyz_projection", place(token)), time(token));
            if (c.repetitionTimeEmbedding()) {
                decoderRows[1 + token] = sum(
                        decoderRows[1 + token],
                        map(vector("decoder.decoder_repetition_time_projection.weight"), v -> v * logRepetitionTime));
            }
        }
        double[][] y = decoderRows;
        for (int i = 0; i < c.decoder().layers(); i++) {
            y = layer("decoder.decoder_layers." + i, y);
        }
        y = norm("decoder.decoder_norm", y);
        double[][] predicted = new double[c.tokens()][];
        for (int token = 0; token < c.tokens(); token++) {
            double[] half = map(linear("decoder.decoder_pred1", y[1 + token]), v -> v >= 0 ? v : 0.1 * v);
            predicted[token] = linear("decoder.decoder_pred2", half);
        }
        return predicted;
    }

    private double[][] layer(String prefix, double[][] x) {
        double[][] a = add(
                x, each(prefix + ".attention.output.dense", attention(prefix, norm(prefix + ".layernorm_before", x))));
        double[][] inner = each(prefix + ".intermediate.dense", norm(prefix + ".layernorm_after", a));
        for (int i = 0; i < inner.length; i++) {
            inner[i] = map(inner[i], DoubleReference::gelu);
        }
        return add(a, each(prefix + ".output.dense", inner));
    }

    private double[][] attention(String prefix, double[][] x) {
        double[][] q = each(prefix + ".attention.self.query", x);
        double[][] k = each(prefix + ".attention.self.key", x);
        double[][] v = each(prefix + ".attention.self.value", x);
        int size = c.encoder().headSize();
        double[][] out = new double[x.length][c.encoder().width()];
        for (int head = 0; head < c.encoder().heads(); head++) {
            for (int i = 0; i < x.length; i++) {
                double[] weight = new double[x.length];
                double total = 0;
                for (int j = 0; j < x.length; j++) {
                    double score = 0;
                    for (int d = head * size; d < (head + 1) * size; d++) {
                        score += q[i][d] * k[j][d];
                    }
                    weight[j] = Math.exp(score / Math.sqrt(size));
                    total += weight[j];
                }
                for (int j = 0; j < x.length; j++) {
                    for (int d = head * size; d < (head + 1) * size; d++) {
                        out[i][d] += weight[j] / total * v[j][d];
                    }
                }
            }
        }
        return out;
    }

    static double gelu(double x) {
        return x * 0.5 * erfc(-x / Math.sqrt(2));
    }

    /** Complementary error function by its Taylor series (|x| < 3) or continued fraction; to about 1e-13. */
    private static double erfc(double x) {
        double z = Math.abs(x);
        double result;
        if (z < 3) {
            double term = z;
            double sum = z;
            for (int n = 1; n < 120; n++) {
                term *= -z * z / n;
                sum += term / (2 * n + 1);
            }
            result = 1 - 2 / Math.sqrt(Math.PI) * sum;
        } else {
            double fraction = z;
            for (int n = 60; n >= 1; n--) {
                fraction = z + n / 2.0 / fraction;
            }
            result = Math.exp(-z * z) / Math.sqrt(Math.PI) / fraction;
        }
        return x < 0 ? 2 - result : result;
    }

    private double[][] norm(String name, double[][] x) {
        double[] scale = vector(name + ".weight");
        double[] shift = vector(name + ".bias");
        double[][] y = new double[x.length][c.encoder().width()];
        for (int i = 0; i < x.length; i++) {
            double mean = 0;
            for (double v : x[i]) {
                mean += v / c.encoder().width();
            }
            double variance = 0;
            for (double v : x[i]) {
                variance += (v - mean) * (v - mean) / c.encoder().width();
            }
            for (int j = 0; j < c.encoder().width(); j++) {
                y[i][j] = (x[i][j] - mean) / Math.sqrt(variance + EPSILON) * scale[j] + shift[j];
            }
        }
        return y;
    }

    private double[][] each(String name, double[][] x) {
        double[][] y = new double[x.length][];
        for (int i = 0; i < x.length; i++) {
            y[i] = linear(name, x[i]);
        }
        return y;
    }

    private double[] linear(String name, double[] x) {
        double[] weight = vector(name + ".weight");
        double[] y = vector(name + ".bias");
        for (int o = 0; o < y.length; o++) {
            for (int i = 0; i < x.length; i++) {
                y[o] += weight[o * x.length + i] * x[i];
            }
        }
        return y;
    }

    private double[] vector(String name) {
        ParameterLayout.Tensor tensor = layout.tensor(name);
        double[] values = new double[tensor.length()];
        System.arraycopy(parameters, tensor.offset(), values, 0, values.length);
        return values;
    }

    private double[] place(int token) {
        float[] unit = unitCoordinates[token / c.patches()];
        return new double[] {unit[0], unit[1], unit[2]};
    }

    private double[] time(int token) {
        int position = token % c.patches();
        double[] encoding = new double[c.encoder().width()];
        for (int j = 0; j < c.encoder().width(); j++) {
            double angle = position
                    / Math.pow(10_000, (j - j % 2) / (double) c.encoder().width());
            encoding[j] = j % 2 == 0 ? Math.sin(angle) : Math.cos(angle);
        }
        return encoding;
    }

    private static double[][] add(double[][] a, double[][] b) {
        double[][] y = new double[a.length][];
        for (int i = 0; i < a.length; i++) {
            y[i] = sum(a[i], b[i]);
        }
        return y;
    }

    private static double[] sum(double[]... terms) {
        double[] y = new double[terms[0].length];
        for (double[] term : terms) {
            for (int j = 0; j < y.length; j++) {
                y[j] += term[j];
            }
        }
        return y;
    }

    private static double[] map(double[] x, DoubleUnaryOperator f) {
        return IntStream.range(0, x.length)
                .mapToDouble(j -> f.applyAsDouble(x[j]))
                .toArray();
    }
}
