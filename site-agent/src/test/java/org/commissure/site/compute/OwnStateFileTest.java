package org.commissure.site.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.commissure.models.weights.ParameterLayout;
import org.commissure.models.weights.Safetensors;
import org.commissure.protocol.study.SharedPart;
import org.commissure.protocol.study.Study;
import org.commissure.protocol.study.StudyFile;
import org.commissure.site.ExampleStudy;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnStateFileTest {
    private static final Study STUDY = StudyFile.parse(new ExampleStudy()
                            .with("training", "correction", "\"scaffold\"")
                            .file()
                            .text()
                    + "[training.local]\ntensors = [\"normalisation\", \"head\"]\n")
            .study();
    private static final SharedPart PART = ModelShape.shared(STUDY);

    @TempDir
    private Path folder;

    private Path file;
    private Path pending;
    private OwnStateFile own;
    private final float[] released = ModelShape.initialParameters(STUDY);

    @BeforeEach
    void open() {
        file = folder.resolve("own").resolve("run.safetensors");
        pending = folder.resolve("own").resolve("run-1-1.pending");
        own = OwnStateFile.of(file, STUDY).orElseThrow();
    }

    private OwnState filled(float local, float control) {
        float[] values = new float[PART.length(SharedPart.Fate.LOCAL)];
        Arrays.fill(values, local);
        float[] variate = new float[PART.length()];
        Arrays.fill(variate, control);
        return new OwnState(values, variate);
    }

    @Test
    void aStudyInWhichSitesKeepNothingHasNoFile() {
        assertThat(OwnStateFile.of(file, new ExampleStudy().file().study())).isEmpty();
    }

    @Test
    void aSiteBeginsWithTheReleasedValuesAndAControlVariateOfZero() throws Exception {
        OwnState begin = own.read(released);
        assertThat(begin.local()).isEqualTo(PART.gather(SharedPart.Fate.LOCAL, released));
        assertThat(begin.control()).hasSize(PART.length()).containsOnly(0);
    }

    @Test
    void onlyWhatIsCommittedCounts() throws Exception {
        own.prepare(pending, filled(1, 2), Map.of("run", "run"));
        assertThat(own.read(released).control()).containsOnly(0);
        OwnStateFile.commit(pending, file);
        OwnStateFile.commit(pending, file); // the result came twice
        assertThat(own.read(released).local()).containsOnly(1);
        assertThat(own.read(released).control()).containsOnly(2);
        own.prepare(pending, filled(3, 4), Map.of());
        Files.delete(pending); // the attempt was aborted
        assertThat(own.read(released).local()).containsOnly(1);
    }

    @Test
    void theReleasedModelIsScoredWithTheSitesOwnTensorsInIt() throws Exception {
        own.prepare(pending, filled(7, 0), Map.of());
        OwnStateFile.commit(pending, file);
        float[] scored = released.clone();
        own.personalise(scored);
        assertThat(PART.gather(SharedPart.Fate.LOCAL, scored)).containsOnly(7);
        assertThat(PART.gather(SharedPart.Fate.SHARED, scored))
                .isEqualTo(PART.gather(SharedPart.Fate.SHARED, released));
    }

    @Test
    void everyToolForSafetensorsReadsTheFileByTheModelsOwnNames() throws Exception {
        own.prepare(pending, filled(1, 2), Map.of("run", "run-7"));
        Safetensors.Contents contents = Safetensors.read(pending);
        assertThat(contents.metadata()).containsEntry("run", "run-7");
        assertThat(contents.layout().tensors())
                .extracting(ParameterLayout.Tensor::name)
                .contains("decoder.decoder_pred2.weight", "control.vit.embeddings.cls_token")
                .doesNotContain("vit.embeddings.cls_token", "control.decoder.decoder_pred2.weight");
    }

    @Test
    void aDamagedFileIsToldAndNotTakenForABeginning() throws Exception {
        own.prepare(file, filled(1, 2), Map.of());
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length - 4));
        assertThatThrownBy(() -> own.read(released))
                .isInstanceOf(LocalWorkException.class)
                .hasMessageContaining("own/")
                .hasMessageContaining("restore it");
    }
}
