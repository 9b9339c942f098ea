package org.commissure.models.future;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntConsumer;
import org.commissure.models.brainlm.AdamSettings;
import org.commissure.models.training.FlatOptimiser;
import org.commissure.models.training.Schedule;
import org.commissure.models.weights.ParameterLayout;

/** A trained {@link NeuralOde}. */
@SuppressWarnings("ArrayRecordComponent") // trained once, never compared
record OdeForecast(NeuralOde ode, float[] parameters) implements Forecaster {
    private static final int HIDDEN = 32;
    private static final int BATCH = 8;
    private static final double RATE = 0.02;
    private static final double WARM_UP = 0.05;
    private static final double MAXIMUM_NORM = 1;

    /** {@code log(e^0.3 − 1)}: a value starts to fall back to its mean by .3 a frame. */
    private static final float FIRST_DECAY = -1.05f;

    private static final double FIRST_COUPLING = 0.1;

    /**
     * Adam under half a cosine on random stretches of the training patients' windows.
     *
     * @param training whose future is seen too: they train
     * @param done is told after each step how many there were
     * @throws ArithmeticException if the error is no number any more
     * @throws InterruptedException if the thread was interrupted between two steps
     */
    static OdeForecast train(List<FutureWindow> training, int steps, long seed, IntConsumer done)
            throws InterruptedException {
        int parcels = training.getFirst().parcels();
        var field = new VectorField(parcels, HIDDEN);
        var ode = new NeuralOde(field);
        ParameterLayout layout = field.layout();
        var random = new SplittableRandom(seed);
        float[] parameters = first(layout, random);
        FlatOptimiser adam = FlatOptimiser.adam(layout, AdamSettings.DEFAULT);
        double[] sum = new double[parameters.length];
        float[] gradient = new float[parameters.length];
        for (int step = 0; step < steps; step++) {
            if (Thread.interrupted()) {
                throw new InterruptedException("training the differential equation was stopped");
            }
            Arrays.fill(sum, 0);
            for (int i = 0; i < BATCH; i++) {
                FutureWindow window = training.get(random.nextInt(training.size()));
                int start = random.nextInt(window.past());
                double[][] truth = new double[window.horizon()][];
                Arrays.setAll(truth, t -> window.state(start + 1 + t));
                ode.addGradient(parameters, window.state(start), truth, sum);
            }
            double squares = 0;
            for (int i = 0; i < sum.length; i++) {
                gradient[i] = (float) (sum[i] / BATCH);
                squares += (double) gradient[i] * gradient[i];
            }
            if (!Double.isFinite(squares)) {
                throw new ArithmeticException("the differential equation diverged at step " + (step + 1));
            }
            float scale = (float) Math.min(1, MAXIMUM_NORM / Math.sqrt(squares));
            adam.step(parameters, gradient, scale, RATE * Schedule.COSINE.shareOf(step, steps, WARM_UP));
            done.accept(step + 1);
        }
        return new OdeForecast(ode, parameters);
    }

    /** Values fall back to their means, and parcels do next to nothing to each other. */
    static float[] first(ParameterLayout layout, SplittableRandom random) {
        float[] parameters = new float[layout.parameterCount()];
        for (ParameterLayout.Tensor tensor : layout.tensors()) {
            int columns = tensor.shape().getLast();
            double deviation = switch (tensor.name()) {
                case "in.weight" -> 1 / Math.sqrt(columns);
                case "out.weight" -> FIRST_COUPLING / Math.sqrt(columns);
                default -> 0;
            };
            for (int i = 0; i < tensor.length(); i++) {
                parameters[tensor.offset() + i] =
                        tensor.name().equals("decay") ? FIRST_DECAY : (float) (deviation * random.nextGaussian());
            }
        }
        return parameters;
    }

    @Override
    public String name() {
        return "neural ODE";
    }

    @Override
    public double[][] forecast(FutureWindow window) {
        return ode.solve(parameters, window.state(window.past() - 1), window.horizon());
    }
}
