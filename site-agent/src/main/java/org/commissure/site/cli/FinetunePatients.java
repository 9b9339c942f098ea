package org.commissure.site.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import org.commissure.models.brainlm.ModelConfiguration;
import org.commissure.models.brainlm.Pooling;
import org.commissure.models.brainlm.TrainableModel;
import org.commissure.models.finetune.ConnectivityRidge;
import org.commissure.models.finetune.LabelledWindow;
import org.commissure.models.finetune.PatientEmbedding;
import org.commissure.models.training.EvenWindows;
import org.commissure.models.training.Scan;
import org.commissure.models.training.ScanException;
import org.commissure.protocol.UserError;
import org.commissure.site.cohort.PooledCohort;

/**
 * The patients with a label, cut into windows.
 *
 * @param windows of all, {@link LabelledWindow#patient} counting patients from 0
 * @param connectivity {@code [patients][pairs]}, from the same windows
 */
@SuppressWarnings("ArrayRecordComponent") // passed on, never compared
record FinetunePatients(List<LabelledWindow> windows, double[][] connectivity) {

    static FinetunePatients read(ModelConfiguration configuration, Labels labels, int windowsEach) {
        List<Scan> scans = PooledCohort.scans(labels.subjects());
        List<LabelledWindow> windows = new ArrayList<>();
        double[][] connectivity = new double[scans.size()][];
        try {
            for (int i = 0; i < connectivity.length; i++) {
                List<float[]> cut = EvenWindows.ofPatient(configuration, i, scans.get(i), windowsEach);
                for (float[] window : cut) {
                    windows.add(new LabelledWindow(
                            i,
                            window,
                            scans.get(i).repetitionTimeSeconds(),
                            labels.targets().get(i)));
                }
                connectivity[i] = ConnectivityRidge.connectivity(cut, configuration.parcels());
            }
        } catch (ScanException e) {
            throw PooledCohortOptions.damaged(e);
        } catch (InterruptedException e) {
            throw new UserError("fine-tuning was stopped", "start it again", e);
        }
        return new FinetunePatients(List.copyOf(windows), connectivity);
    }

    List<float[]> of(int patient) {
        return windows.stream()
                .filter(w -> w.patient() == patient)
                .map(LabelledWindow::window)
                .toList();
    }

    OptionalDouble repetitionTimeSeconds(int patient) {
        return windows.stream()
                .filter(w -> w.patient() == patient)
                .findFirst()
                .orElseThrow()
                .repetitionTimeSeconds();
    }

    double[][] connectivity(Set<Integer> patients) {
        return of(connectivity, patients);
    }

    /** Rows of some patients, in ascending order. */
    static double[][] of(double[][] rows, Set<Integer> patients) {
        return patients.stream().sorted().map(i -> rows[i]).toArray(double[][]::new);
    }

    /** What the encoder makes of everybody, {@code [patients][width]}. */
    double[][] embeddings(TrainableModel encoder, Pooling pooling) {
        double[][] rows = new double[connectivity.length][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = PatientEmbedding.of(encoder, pooling, of(i), repetitionTimeSeconds(i));
        }
        return rows;
    }
}
