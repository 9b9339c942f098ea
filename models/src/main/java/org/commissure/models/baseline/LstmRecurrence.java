package org.commissure.models.baseline;

import java.util.Arrays;

/**
 * The part of an LSTM that cannot be one matrix product: one direction's walk over the frames, forward and back.
 *
 * <pre>
 * z = Wx·x + b + Wr·h⁻      (rows: input gate i, forget gate f, candidate g, output gate o)
 * c = σ(f)·c⁻ + σ(i)·tanh(g)        h = σ(o)·tanh(c)
 * </pre>
 *
 * In double precision whatever the network's, and in plain loops: a frame is too little work for an operation of its
 * own. Keeps what the last forward pass made.
 */
final class LstmRecurrence {
    private final int frames;
    private final int width;
    private final boolean backwards;
    private final double[] gates;
    private final double[] cells;
    private final double[] outputs;

    /** @param backwards walks from the last frame to the first */
    LstmRecurrence(int frames, int width, boolean backwards) {
        this.frames = frames;
        this.width = width;
        this.backwards = backwards;
        gates = new double[Math.multiplyExact(frames, 4 * width)];
        cells = new double[Math.multiplyExact(frames, width)];
        outputs = new double[cells.length];
    }

    private int frame(int step) {
        return backwards ? frames - 1 - step : step;
    }

    /**
     * @param projected {@code Wx·x + b}, {@code [frames, 4·width]}
     * @param recurrent {@code Wrᵀ}, {@code [width, 4·width]}
     * @return h, {@code [frames, width]}; valid until the next call
     */
    double[] forward(double[] projected, double[] recurrent) {
        System.arraycopy(projected, 0, gates, 0, gates.length);
        for (int step = 0; step < frames; step++) {
            int t = frame(step);
            int z = t * 4 * width;
            if (step > 0) {
                int before = frame(step - 1) * width;
                for (int j = 0; j < width; j++) {
                    addScaled(outputs[before + j], recurrent, j * 4 * width, gates, z, 4 * width);
                }
            }
            for (int j = 0; j < width; j++) {
                double i = gates[z + j] = sigmoid(gates[z + j]);
                double f = gates[z + width + j] = sigmoid(gates[z + width + j]);
                double g = gates[z + 2 * width + j] = Math.tanh(gates[z + 2 * width + j]);
                double o = gates[z + 3 * width + j] = sigmoid(gates[z + 3 * width + j]);
                double cell = i * g + (step == 0 ? 0 : f * cells[frame(step - 1) * width + j]);
                cells[t * width + j] = cell;
                outputs[t * width + j] = o * Math.tanh(cell);
            }
        }
        return outputs;
    }

    /**
     * @param dOutputs gradient of h, {@code [frames, width]}
     * @param recurrent {@code Wr}, {@code [4·width, width]}
     * @return the gradient of z, {@code [frames, 4·width]}
     */
    double[] backward(double[] dOutputs, double[] recurrent) {
        double[] dz = new double[gates.length];
        double[] dh = new double[width];
        double[] dc = new double[width];
        for (int step = frames - 1; step >= 0; step--) {
            int t = frame(step);
            int z = t * 4 * width;
            for (int j = 0; j < width; j++) {
                double i = gates[z + j];
                double f = gates[z + width + j];
                double g = gates[z + 2 * width + j];
                double o = gates[z + 3 * width + j];
                double squashed = Math.tanh(cells[t * width + j]);
                double before = step == 0 ? 0 : cells[frame(step - 1) * width + j];
                double dOutput = dOutputs[t * width + j] + dh[j];
                double dCell = dc[j] + dOutput * o * (1 - squashed * squashed);
                dz[z + j] = dCell * g * i * (1 - i);
                dz[z + width + j] = dCell * before * f * (1 - f);
                dz[z + 2 * width + j] = dCell * i * (1 - g * g);
                dz[z + 3 * width + j] = dOutput * squashed * o * (1 - o);
                dc[j] = dCell * f;
            }
            Arrays.fill(dh, 0);
            for (int row = 0; row < 4 * width; row++) {
                addScaled(dz[z + row], recurrent, row * width, dh, 0, width);
            }
        }
        return dz;
    }

    /** h of the frame that was walked before each frame, {@code [frames, width]}; zeros before the first. */
    double[] previousOutputs() {
        double[] previous = new double[outputs.length];
        for (int step = 1; step < frames; step++) {
            System.arraycopy(outputs, frame(step - 1) * width, previous, frame(step) * width, width);
        }
        return previous;
    }

    private static void addScaled(double factor, double[] from, int at, double[] to, int into, int count) {
        for (int k = 0; k < count; k++) {
            to[into + k] += factor * from[at + k];
        }
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }
}
