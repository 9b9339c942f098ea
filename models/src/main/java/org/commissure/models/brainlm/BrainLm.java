package org.commissure.models.brainlm;

import java.util.ArrayList;
import java.util.List;
import org.commissure.models.tensor.Workspace;
import org.commissure.models.weights.ParameterLayout;

/**
 * {@code commissure-small}: BrainLM's embedding, decoder and head around pre-norm Transformer layers with exact softmax
 * attention, coordinates scaled to unit range, no dropout. Forward and backward passes are derived by hand and run in
 * one workspace of ND4J-backed memory, single-threaded; the same inputs give the same bits on the same machine.
 *
 * <p>Parameters are ordered as {@link BrainLmLayout} says. Heaviest are the attention probabilities that the backward
 * pass needs: {@code layers × heads × tokens²} floats.
 */
public final class BrainLm implements MaskedAutoencoder {
    private final BrainLmConfiguration c;
    private final ParameterMemory parameters;
    private final TokenTables tables;
    private final EncoderInput encoderInput;
    private final List<TransformerLayer> encoder = new ArrayList<>();
    private final TransformerLayer.Norm encoderNorm;
    private final DecoderInput decoderInput;
    private final List<TransformerLayer> decoder = new ArrayList<>();
    private final ReconstructionHead head;
    private final int encoded;
    private final int dEncoder;
    private final int dEncoded;
    private final int dDecoder;
    private final int[] layerInputs;
    private final float[] patch;
    private final Workspace w;
    private boolean loaded;
    private int encoderOutput;
    private int decoderOutput;

    /** Allocates everything the model will ever need; call {@link #loadParameters} next. */
    public BrainLm(BrainLmConfiguration configuration) {
        c = configuration;
        ParameterLayout layout = BrainLmLayout.of(c);
        int rows = c.tokens() + 1;
        long narrow = (long) rows * c.encoder().width();
        var plan = new Workspace.Plan();
        parameters = ParameterMemory.reserve(plan, layout, rows);
        tables = new TokenTables(plan, c);
        var scratch = TransformerLayer.Scratch.reserve(plan, c, rows);
        encoderInput = new EncoderInput(plan, parameters, c, tables);
        for (int i = 0; i < c.encoder().layers(); i++) {
            encoder.add(new TransformerLayer(plan, parameters, BrainLmLayout.encoderLayer(i), c, rows, scratch));
        }
        encoderNorm = TransformerLayer.Norm.reserve(
                plan, parameters, "vit.layernorm", c.encoder().width(), rows);
        decoderInput = new DecoderInput(plan, parameters, c, tables);
        for (int i = 0; i < c.decoder().layers(); i++) {
            decoder.add(new TransformerLayer(plan, parameters, BrainLmLayout.decoderLayer(i), c, rows, scratch));
        }
        head = new ReconstructionHead(plan, parameters, c, scratch);
        encoded = plan.reserve(narrow);
        dEncoder = plan.reserve(narrow);
        dEncoded = plan.reserve(narrow);
        dDecoder = plan.reserve(narrow);
        layerInputs = new int[c.encoder().layers() + c.decoder().layers()];
        patch = new float[c.patchFrames()];
        w = plan.allocate();
        tables.fill(w);
        for (int i = 0; i < rows; i++) {
            w.set(parameters.ones() + i, 1);
        }
    }

    @Override
    public ModelConfiguration configuration() {
        return c;
    }

    @Override
    public int parameterCount() {
        return parameters.layout().parameterCount();
    }

    @Override
    public void loadParameters(float[] flat) {
        checkOpen();
        checkLength("parameters", flat, parameterCount());
        checkFinite("parameters", flat);
        w.copyIn(flat, 0, parameters.values(), flat.length);
        loaded = true;
    }

    @Override
    public double gradient(float[] window, Mask mask, float[] gradientOut) {
        check(window, mask);
        checkLength("gradientOut", gradientOut, parameterCount());
        int predicted = forward(window, mask);
        double error = errorAndItsGradient(window, mask, predicted);
        backward(mask, predicted);
        w.copyOut(parameters.gradients(), gradientOut, 0, gradientOut.length);
        return error;
    }

    @Override
    public double reconstruct(float[] window, Mask mask, float[] predictionOut) {
        check(window, mask);
        checkLength("predictionOut", predictionOut, c.windowLength());
        int predicted = forward(window, mask);
        System.arraycopy(window, 0, predictionOut, 0, window.length);
        int p = c.patchFrames();
        for (int i = 0; i < mask.maskedCount(); i++) {
            w.copyOut(predicted + i * p, predictionOut, mask.masked(i) * p, p);
        }
        return errorAndItsGradient(window, mask, predicted);
    }

    @Override
    public void close() {
        w.close();
    }

    /** @return offset of the predictions, {@code [masked, patchFrames]} */
    private int forward(float[] window, Mask mask) {
        int visibleRows = 1 + mask.visibleCount();
        int x = encoderInput.forward(w, window, mask);
        int layer = 0;
        for (TransformerLayer block : encoder) {
            layerInputs[layer++] = x;
            x = block.forward(w, x, visibleRows, 0);
        }
        encoderOutput = x;
        encoderNorm.forward(w, x, visibleRows, encoded);
        x = decoderInput.forward(w, encoded, mask);
        int rows = 1 + mask.tokens();
        for (int i = 0; i < decoder.size(); i++) {
            layerInputs[layer++] = x;
            x = decoder.get(i).forward(w, x, rows, firstRowRead(i, visibleRows));
        }
        decoderOutput = x;
        return head.forward(w, x + visibleRows * c.encoder().width(), mask.maskedCount());
    }

    /** The head reads masked rows only, so the last decoder layer computes no others. */
    private int firstRowRead(int decoderLayer, int visibleRows) {
        return decoderLayer == decoder.size() - 1 ? visibleRows : 0;
    }

    /** Replaces the predictions by the error's gradient with respect to them. */
    private double errorAndItsGradient(float[] window, Mask mask, int predicted) {
        int p = c.patchFrames();
        double values = (double) mask.maskedCount() * p;
        float factor = (float) (2 / values);
        double squares = 0;
        for (int i = 0; i < mask.maskedCount(); i++) {
            int observed = mask.masked(i) * p;
            w.copyOut(predicted + i * p, patch, 0, p);
            for (int t = 0; t < p; t++) {
                float difference = patch[t] - window[observed + t];
                squares += (double) difference * difference;
                patch[t] = factor * difference;
            }
            w.copyIn(patch, 0, predicted + i * p, p);
        }
        return squares / values;
    }

    private void backward(Mask mask, int dPredicted) {
        int visibleRows = 1 + mask.visibleCount();
        int rows = 1 + mask.tokens();
        int masked = visibleRows * c.encoder().width();
        w.zero(dDecoder, rows * c.encoder().width());
        head.backward(w, decoderOutput + masked, mask.maskedCount(), dPredicted, dDecoder + masked);
        int layer = layerInputs.length;
        for (int i = decoder.size() - 1; i >= 0; i--) {
            decoder.get(i).backward(w, layerInputs[--layer], rows, firstRowRead(i, visibleRows), dDecoder);
        }
        decoderInput.backward(w, encoded, mask, dDecoder, dEncoded);
        w.zero(dEncoder, masked);
        encoderNorm.backward(w, encoderOutput, visibleRows, dEncoded, dEncoder);
        for (int i = encoder.size() - 1; i >= 0; i--) {
            encoder.get(i).backward(w, layerInputs[--layer], visibleRows, 0, dEncoder);
        }
        encoderInput.backward(w, mask, dEncoder);
    }

    private void check(float[] window, Mask mask) {
        checkOpen();
        if (!loaded) {
            throw new IllegalStateException("the model has no parameters yet; call loadParameters first");
        }
        checkLength("window", window, c.windowLength());
        checkFinite("window", window);
        if (mask.tokens() != c.tokens()) {
            throw new IllegalArgumentException(
                    "the mask covers " + mask.tokens() + " tokens, but the model's windows have " + c.tokens());
        }
    }

    private void checkOpen() {
        if (w.isClosed()) {
            throw new IllegalStateException("the model is closed");
        }
    }

    private static void checkLength(String name, float[] values, int expected) {
        if (values.length != expected) {
            throw new IllegalArgumentException(
                    name + " has " + values.length + " values, but the model needs " + expected);
        }
    }

    private static void checkFinite(String name, float[] values) {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                throw new IllegalArgumentException(name + " has a value that is NaN or infinite");
            }
        }
    }
}
