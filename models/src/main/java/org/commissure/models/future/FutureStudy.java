package org.commissure.models.future;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.commissure.models.baseline.BaselineConfiguration;
import org.commissure.models.baseline.BaselineInitialisation;
import org.commissure.models.baseline.Baselines;
import org.commissure.models.brainlm.Example;
import org.commissure.models.brainlm.Initialisation;
import org.commissure.models.brainlm.MaskedAutoencoder;
import org.commissure.models.brainlm.ModelConfiguration;
import org.commissure.models.evaluation.TokenGrid;
import org.commissure.models.training.Evaluation;
import org.commissure.models.training.Masking;
import org.commissure.models.training.Scan;
import org.commissure.models.training.TrainingEvent;
import org.commissure.models.training.TrainingPlan;
import org.commissure.models.training.TrainingRun;

/**
 * Predicts the last frames of windows from those before, by a given model and by what it has to beat: the same model
 * before training; a bidirectional LSTM on Deeplearning4j and a neural differential equation, trained here; an
 * autoregression of first order, fitted here; and the last frame. All of them see the same training patients and are
 * scored on the same windows of others.
 *
 * @param horizon frames to predict; whole patches
 * @param minimumFrames scans from this many frames on take part, with a shorter past if they are shorter than the
 *     model's window; 0 stands for the window
 * @param windows a patient, spread evenly over all scans; more where a patient has more scans, so that each is read, and
 *     then of every patient, so that all count alike
 * @param lstmSteps of training; {@code odeSteps} likewise
 * @param seed of first weights, of the order of training and of resampling
 */
public record FutureStudy(int horizon, int minimumFrames, int windows, int lstmSteps, int odeSteps, long seed) {
    private static final int LSTM_BATCH = 8;
    private static final double LSTM_RATE = 0.003;

    public FutureStudy {
        if (horizon < 1 || minimumFrames < 0 || windows < 1 || lstmSteps < 1 || odeSteps < 1) {
            throw new IllegalArgumentException("predicting " + horizon + " frames of " + windows
                    + " windows from scans of " + minimumFrames + " frames, with " + lstmSteps + " and " + odeSteps
                    + " training steps, is out of range");
        }
    }

    /** Where the study stands. */
    @FunctionalInterface
    public interface Listener {
        void on(String stage, int done, int all);
    }

    /**
     * @param model with any parameters; it has other ones in the end
     * @param parameters to score it with
     * @param coordinatesMillimetres {@code [parcels][3]}
     * @param heldOut patients other than the training ones
     * @throws IllegalArgumentException if the horizon is no whole number of patches or leaves no past, or the model's
     *     tokens are not parcel × time
     */
    public FutureScores of(
            MaskedAutoencoder model,
            float[] parameters,
            float[][] coordinatesMillimetres,
            List<Scan> training,
            List<Scan> heldOut,
            Listener listener)
            throws IOException, InterruptedException {
        ModelConfiguration c = model.configuration();
        TokenGrid grid = TokenGrid.of(c);
        if (horizon % grid.patchFrames() != 0) {
            throw new IllegalArgumentException("a horizon of " + horizon + " frames is no whole number of patches of "
                    + grid.patchFrames() + " frames");
        }
        Masking masking = new Masking.Future(horizon / grid.patchFrames());
        List<FutureWindow> past =
                windowsOf(c, training, masking).stream().flatMap(List::stream).toList();
        Contest contest = new Contest(windowsOf(c, heldOut, masking), horizon, listener);
        model.loadParameters(parameters);
        contest.enter(new AutoencoderForecast(c.preset(), model));
        model.loadParameters(Initialisation.parameters(c, seed));
        contest.enter(new AutoencoderForecast(c.preset() + " before training", model));
        var lstm = BaselineConfiguration.of(
                BaselineConfiguration.Family.LSTM,
                c.parcels(),
                c.windowFrames(),
                grid.patchFrames(),
                coordinatesMillimetres);
        try (MaskedAutoencoder network = Baselines.open(lstm)) {
            network.loadParameters(trained(network, lstm, training, masking, listener));
            contest.enter(new AutoencoderForecast("LSTM", network));
        }
        contest.enter(OdeForecast.train(past, odeSteps, seed, done -> listener.on("neural ODE", done, odeSteps)));
        contest.enter(Autoregression.fit(past));
        contest.enter(new Persistence());
        return contest.scores(seed);
    }

    private List<List<FutureWindow>> windowsOf(ModelConfiguration c, List<Scan> scans, Masking masking)
            throws IOException, InterruptedException {
        int each = Math.max(
                windows,
                scans.stream()
                        .mapToInt(scan -> scan.ofThePatient().size())
                        .max()
                        .orElse(1));
        var source = new Evaluation(c, scans, each, masking, minimumFrames, seed);
        List<List<FutureWindow>> all = new ArrayList<>();
        for (int i = 0; i < scans.size(); i++) {
            List<FutureWindow> one = new ArrayList<>();
            for (Example example : source.examples(i)) {
                one.add(FutureWindow.of(c, example));
            }
            all.add(one);
        }
        return all;
    }

    private float[] trained(
            MaskedAutoencoder network,
            BaselineConfiguration lstm,
            List<Scan> training,
            Masking masking,
            Listener listener)
            throws IOException, InterruptedException {
        TrainingPlan plan =
                TrainingPlan.of(lstmSteps, LSTM_BATCH, LSTM_RATE, masking, seed).withMinimumFrames(minimumFrames);
        var run = new TrainingRun(network, training, plan, Optional.empty(), Optional.empty(), event -> {
            if (event instanceof TrainingEvent.Stepped stepped) {
                listener.on("LSTM", (int) stepped.step(), lstmSteps);
            }
        });
        return run.start(BaselineInitialisation.parameters(lstm, seed)).parameters();
    }

    /** The methods' errors, patient by patient. */
    private static final class Contest {
        private static final int METHODS = 6;

        private final List<List<FutureWindow>> patients;
        private final int horizon;
        private final Listener listener;
        private final List<HorizonSums> sums = new ArrayList<>();
        private final List<String> names = new ArrayList<>();

        Contest(List<List<FutureWindow>> patients, int horizon, Listener listener) {
            this.patients = patients;
            this.horizon = horizon;
            this.listener = listener;
            for (List<FutureWindow> windows : patients) {
                HorizonSums one = new HorizonSums(METHODS, horizon);
                windows.forEach(one::addTruth);
                sums.add(one);
            }
        }

        void enter(Forecaster method) throws InterruptedException {
            for (int i = 0; i < patients.size(); i++) {
                if (Thread.interrupted()) {
                    throw new InterruptedException("the study was stopped");
                }
                for (FutureWindow window : patients.get(i)) {
                    sums.get(i).addErrors(names.size(), window, method.forecast(window));
                }
                listener.on("forecasts of " + method.name(), i + 1, patients.size());
            }
            names.add(method.name());
        }

        FutureScores scores(long seed) {
            int windows = patients.stream().mapToInt(List::size).sum();
            return FutureScores.of(names, sums, windows, horizon, seed);
        }
    }
}
