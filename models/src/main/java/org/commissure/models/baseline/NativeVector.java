package org.commissure.models.baseline;

import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A row-major ND4J array that is read and written as a flat Java array, by one copy. Single precision is the rule;
 * double is for checks of derivatives.
 */
record NativeVector(INDArray array) {

    /** Zeros, row-major. */
    static NativeVector zeros(DataType type, long... shape) {
        return new NativeVector(Nd4j.create(type, shape, 'c'));
    }

    int length() {
        return Math.toIntExact(array.length());
    }

    private boolean single() {
        return array.dataType() == DataType.FLOAT;
    }

    void write(float[] values) {
        if (single()) {
            try (var pointer = new FloatPointer(array.data().addressPointer())) {
                pointer.put(values, 0, length());
            }
        } else {
            double[] wide = new double[length()];
            for (int i = 0; i < wide.length; i++) {
                wide[i] = values[i];
            }
            write(wide);
        }
    }

    void write(double[] values) {
        if (single()) {
            float[] narrow = new float[length()];
            for (int i = 0; i < narrow.length; i++) {
                narrow[i] = (float) values[i];
            }
            write(narrow);
        } else {
            try (var pointer = new DoublePointer(array.data().addressPointer())) {
                pointer.put(values, 0, length());
            }
        }
    }

    void read(float[] out) {
        if (single()) {
            try (var pointer = new FloatPointer(array.data().addressPointer())) {
                pointer.get(out, 0, length());
            }
        } else {
            double[] wide = new double[length()];
            read(wide);
            for (int i = 0; i < wide.length; i++) {
                out[i] = (float) wide[i];
            }
        }
    }

    void read(double[] out) {
        if (single()) {
            float[] narrow = new float[length()];
            read(narrow);
            for (int i = 0; i < narrow.length; i++) {
                out[i] = narrow[i];
            }
        } else {
            try (var pointer = new DoublePointer(array.data().addressPointer())) {
                pointer.get(out, 0, length());
            }
        }
    }
}
