package org.commissure.models.linear;

/**
 * Σ z·zᵀ over patients, where z is a patient's row and its first entry is 1: all that least squares needs of them.
 * Kept as the upper triangle by rows. Not thread-safe.
 */
public final class Moments {
    /** Rounding of products leaves this share of the mean square where a column is constant. */
    private static final double CONSTANT = 1e-12;

    private final int width;
    private final double[] sums;

    /** Nobody's. @param width entries of a row */
    public Moments(int width) {
        this(width, new double[length(width)]);
    }

    private Moments(int width, double[] sums) {
        this.width = width;
        this.sums = sums;
    }

    /** Numbers of the upper triangle. */
    public static int length(int width) {
        return width * (width + 1) / 2;
    }

    /** From {@code values[offset .. offset + length(width))}. */
    public static Moments read(double[] values, int offset, int width) {
        double[] sums = new double[length(width)];
        System.arraycopy(values, offset, sums, 0, sums.length);
        return new Moments(width, sums);
    }

    public void write(double[] into, int offset) {
        System.arraycopy(sums, 0, into, offset, sums.length);
    }

    /** @param row [width], the first entry 1 */
    public void add(double[] row) {
        int at = 0;
        for (int i = 0; i < width; i++) {
            for (int j = i; j < width; j++) {
                sums[at++] += row[i] * row[j];
            }
        }
    }

    public Moments plus(Moments other) {
        return combined(other, 1);
    }

    public Moments minus(Moments other) {
        return combined(other, -1);
    }

    private Moments combined(Moments other, double sign) {
        double[] all = sums.clone();
        for (int i = 0; i < all.length; i++) {
            all[i] += sign * other.sums[i];
        }
        return new Moments(width, all);
    }

    public int width() {
        return width;
    }

    public double patients() {
        return sums[0];
    }

    /** Σ z_i·z_j. */
    public double product(int i, int j) {
        int row = Math.min(i, j);
        int column = Math.max(i, j);
        return sums[row * width - row * (row - 1) / 2 + column - row];
    }

    public double mean(int column) {
        return product(0, column) / patients();
    }

    /** With divisor n. */
    public double covariance(int i, int j) {
        return product(i, j) / patients() - mean(i) * mean(j);
    }

    /** With divisor n; 0 for a column whose values differ by no more than rounding. */
    public double deviation(int column) {
        double variance = covariance(column, column);
        double scale = product(column, column) / patients();
        return variance > CONSTANT * scale ? Math.sqrt(variance) : 0;
    }

    /** Σ (y − cᵀz)² for coefficients c, whose entry for {@code target} is 0. */
    public double squaredError(LinearModel model, int target) {
        double[] v = new double[width];
        for (int i = 0; i < width; i++) {
            v[i] = (i == target ? 1 : 0) - model.coefficient(i);
        }
        double total = 0;
        int at = 0;
        for (int i = 0; i < width; i++) {
            for (int j = i; j < width; j++) {
                total += (i == j ? 1 : 2) * v[i] * v[j] * sums[at++];
            }
        }
        return total;
    }
}
