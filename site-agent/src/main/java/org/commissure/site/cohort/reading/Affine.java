package org.commissure.site.cohort.reading;

/**
 * From voxel indices to millimetres: {@code x = A·(i, j, k, 1)}.
 *
 * @param rows {@code [3, 4]}
 */
record Affine(double[][] rows) {

    /**
     * A NIfTI quaternion (nifti1.h, "method 2").
     *
     * @param handedness {@code pixdim[0]}: −1 flips the third axis
     */
    static Affine ofQuaternion(double b, double c, double d, double[] offset, double[] spacing, double handedness) {
        double a = Math.sqrt(Math.max(0, 1 - (b * b + c * c + d * d)));
        double[][] r = {
            {a * a + b * b - c * c - d * d, 2 * (b * c - a * d), 2 * (b * d + a * c)},
            {2 * (b * c + a * d), a * a + c * c - b * b - d * d, 2 * (c * d - a * b)},
            {2 * (b * d - a * c), 2 * (c * d + a * b), a * a + d * d - b * b - c * c}
        };
        double flip = handedness < 0 ? -1 : 1;
        double[][] rows = new double[3][4];
        for (int axis = 0; axis < 3; axis++) {
            rows[axis][0] = r[axis][0] * spacing[0];
            rows[axis][1] = r[axis][1] * spacing[1];
            rows[axis][2] = r[axis][2] * spacing[2] * flip;
            rows[axis][3] = offset[axis];
        }
        return new Affine(rows);
    }

    /** Of a file that says nothing but its spacing (nifti1.h, "method 1"). */
    static Affine ofSpacing(double[] spacing) {
        return new Affine(new double[][] {{spacing[0], 0, 0, 0}, {0, spacing[1], 0, 0}, {0, 0, spacing[2], 0}});
    }

    double[] apply(double i, double j, double k) {
        double[] point = new double[3];
        for (int axis = 0; axis < 3; axis++) {
            point[axis] = rows[axis][0] * i + rows[axis][1] * j + rows[axis][2] * k + rows[axis][3];
        }
        return point;
    }

    /** Volume of a voxel in cubic millimetres, negative for left-handed axes; 0 if the matrix cannot be inverted. */
    double determinant() {
        double[][] m = rows;
        return m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1])
                - m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0])
                + m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0]);
    }

    /** From millimetres to voxel indices. */
    Affine inverse() {
        double determinant = determinant();
        double[][] inverse = new double[3][4];
        for (int row = 0; row < 3; row++) {
            for (int column = 0; column < 3; column++) {
                int r1 = (column + 1) % 3;
                int r2 = (column + 2) % 3;
                int c1 = (row + 1) % 3;
                int c2 = (row + 2) % 3;
                inverse[row][column] = (rows[r1][c1] * rows[r2][c2] - rows[r1][c2] * rows[r2][c1]) / determinant;
            }
            for (int column = 0; column < 3; column++) {
                inverse[row][3] -= inverse[row][column] * rows[column][3];
            }
        }
        return new Affine(inverse);
    }

    /** How far the two place the same voxel of a grid apart at most, in millimetres: at one of its corners. */
    double largestDistance(Affine other, int[] grid) {
        double largest = 0;
        for (int corner = 0; corner < 8; corner++) {
            double i = (corner & 1) == 0 ? 0 : grid[0] - 1;
            double j = (corner & 2) == 0 ? 0 : grid[1] - 1;
            double k = (corner & 4) == 0 ? 0 : grid[2] - 1;
            double[] one = apply(i, j, k);
            double[] two = other.apply(i, j, k);
            largest = Math.max(largest, Math.hypot(Math.hypot(one[0] - two[0], one[1] - two[1]), one[2] - two[2]));
        }
        return largest;
    }
}
