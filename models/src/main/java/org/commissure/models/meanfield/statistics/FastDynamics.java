package org.commissure.models.meanfield.statistics;

import org.commissure.models.meanfield.Bold;

/**
 * {@link ConnectivityDynamics#histogram} many times faster: the windows' sums are carried from one window to the next,
 * and the correlations between windows are one matrix product in single precision, by blocks above the diagonal. A
 * correlation may fall into the neighbouring bin; the distribution changes by less than 10⁻⁴.
 *
 * <p>Keeps its memory (20 MB for 68 regions and 1,200 frames) from one series to the next. Not thread-safe.
 */
public final class FastDynamics {
    private final GramKernel kernel;
    private final float[] tile;

    /** Standardised connectivity by window, [windows, pairs]. */
    private float[] rows = new float[0];

    /** The same, [panels, pairs, columns]. */
    private float[] panels = new float[0];

    public FastDynamics() {
        this(GramKernel.fastest());
    }

    FastDynamics(GramKernel kernel) {
        this.kernel = kernel;
        this.tile = new float[GramKernel.ROWS * kernel.columns()];
    }

    /** As {@link ConnectivityDynamics#histogram}. */
    public long[] histogram(Bold bold, int window, int stride) {
        int windows = ConnectivityDynamics.windows(bold.frames(), window, stride);
        int pairs = FunctionalConnectivity.pairs(bold.regions());
        rows = atLeast(rows, roundUp(windows, GramKernel.ROWS), pairs);
        panels = atLeast(panels, roundUp(windows, kernel.columns()), pairs);
        WindowSums sums = new WindowSums(bold, window);
        double[] correlation = new double[pairs];
        for (int w = 0; w < windows; w++) {
            if (w > 0) {
                sums.advance(stride);
            }
            sums.correlations(correlation);
            store(correlation, w);
        }
        return counted(windows, pairs);
    }

    private static float[] atLeast(float[] memory, int count, int pairs) {
        int length = Math.multiplyExact(count, pairs);
        return memory.length >= length ? memory : new float[length];
    }

    private static int roundUp(int value, int multiple) {
        return Math.ceilDiv(value, multiple) * multiple;
    }

    /** Without its mean and of length 1, so that scalar products are correlations. */
    private void store(double[] correlation, int window) {
        int pairs = correlation.length;
        double mean = 0;
        for (double value : correlation) {
            mean += value;
        }
        mean /= pairs;
        double square = 0;
        for (double value : correlation) {
            square += (value - mean) * (value - mean);
        }
        double scale = 1 / Math.sqrt(square);
        int columns = kernel.columns();
        int row = window * pairs;
        int panel = window / columns * columns * pairs + window % columns;
        for (int pair = 0; pair < pairs; pair++) {
            float value = (float) ((correlation[pair] - mean) * scale);
            rows[row + pair] = value;
            panels[panel + pair * columns] = value;
        }
    }

    private long[] counted(int windows, int pairs) {
        int columns = kernel.columns();
        long[] histogram = new long[ConnectivityDynamics.BINS];
        for (int row = 0; row < windows; row += GramKernel.ROWS) {
            for (int column = row / columns * columns; column < windows; column += columns) {
                kernel.multiply(rows, row * pairs, panels, column * pairs, pairs, tile);
                count(row, column, windows, histogram);
            }
        }
        return histogram;
    }

    private void count(int row, int column, int windows, long[] histogram) {
        int columns = kernel.columns();
        for (int r = 0; r < Math.min(GramKernel.ROWS, windows - row); r++) {
            int first = Math.max(0, row + r + 1 - column);
            int last = Math.min(columns, windows - column);
            for (int c = first; c < last; c++) {
                int bin = ConnectivityDynamics.bin(tile[r * columns + c]);
                if (bin >= 0) {
                    histogram[bin]++;
                }
            }
        }
    }

    /** Sums over a sliding window, in double precision on centred values, so that little cancels. */
    private static final class WindowSums {
        private final int regions;
        private final int window;
        private final double[] values;
        private final double[] sum;
        private final double[] square;
        private final double[] product;
        private final double[] scale;
        private int begin;

        WindowSums(Bold bold, int window) {
            this.regions = bold.regions();
            this.window = window;
            this.values = FunctionalConnectivity.centred(bold);
            this.sum = new double[regions];
            this.square = new double[regions];
            this.product = new double[FunctionalConnectivity.pairs(regions)];
            this.scale = new double[regions];
            for (int frame = 0; frame < window; frame++) {
                add(frame);
            }
        }

        void advance(int frames) {
            for (int i = 0; i < frames; i++) {
                exchange(begin + window, begin);
                begin++;
            }
        }

        private void add(int frame) {
            int at = frame * regions;
            int pair = 0;
            for (int i = 0; i < regions; i++) {
                double value = values[at + i];
                sum[i] += value;
                square[i] += value * value;
                int others = regions - i - 1;
                for (int j = 0; j < others; j++) {
                    product[pair + j] += value * values[at + i + 1 + j];
                }
                pair += others;
            }
        }

        private void exchange(int enters, int leaves) {
            int in = enters * regions;
            int out = leaves * regions;
            int pair = 0;
            for (int i = 0; i < regions; i++) {
                double a = values[in + i];
                double b = values[out + i];
                sum[i] += a - b;
                square[i] += a * a - b * b;
                int others = regions - i - 1;
                int nextIn = in + i + 1;
                int nextOut = out + i + 1;
                for (int j = 0; j < others; j++) {
                    product[pair + j] += a * values[nextIn + j] - b * values[nextOut + j];
                }
                pair += others;
            }
        }

        void correlations(double[] into) {
            for (int i = 0; i < regions; i++) {
                scale[i] = 1 / Math.sqrt(square[i] - sum[i] * sum[i] / window);
            }
            int pair = 0;
            for (int i = 0; i < regions; i++) {
                double mean = sum[i] / window;
                double own = scale[i];
                int others = regions - i - 1;
                for (int j = 0; j < others; j++) {
                    into[pair + j] = (product[pair + j] - mean * sum[i + 1 + j]) * own * scale[i + 1 + j];
                }
                pair += others;
            }
        }
    }
}
