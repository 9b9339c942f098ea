package org.commissure.models.modelfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import org.commissure.models.brainlm.ModelConfiguration;
import org.commissure.models.brainlm.Presets;
import org.commissure.models.weights.MalformedSafetensorsException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFolderTest {
    private static final ModelConfiguration MODEL =
            Presets.named(Presets.COMMISSURE_SMALL, new float[][] {{1, 2, 3}, {4, 5, 6.5f}}, 40, 20);

    @TempDir
    Path folder;

    private final float[] parameters = new float[MODEL.layout().parameterCount()];

    ModelFolderTest() {
        for (int i = 0; i < parameters.length; i++) {
            parameters[i] = (float) Math.sin(i);
        }
    }

    @Test
    void whatIsWrittenIsReadFromTheFolderAndFromTheFile() throws IOException {
        Path model = folder.resolve("a/model");
        ModelFolder.write(model, MODEL, parameters, Map.of("study", "one"));
        for (Path named : new Path[] {model, model.resolve("model.safetensors")}) {
            ModelFolder.Contents contents = ModelFolder.read(named);
            assertThat(contents.configuration()).isEqualTo(MODEL);
            assertThat(contents.parameters()).containsExactly(parameters);
            assertThat(contents.metadata())
                    .isEqualTo(Map.of("format", "commissure", "preset", "commissure", "study", "one"));
        }
        Path renamed = Files.move(model.resolve("model.safetensors"), model.resolve("round-7.safetensors"));
        assertThat(ModelFolder.read(renamed).parameters()).containsExactly(parameters);
        try (var files = Files.list(model)) {
            assertThat(files).hasSize(2);
        }
    }

    @Test
    void aMissingFileIsNamed() throws IOException {
        assertThatExceptionOfType(NoSuchFileException.class)
                .isThrownBy(() -> ModelFolder.read(folder))
                .withMessageContaining("config.json");
        ModelFolder.write(folder, MODEL, parameters, Map.of());
        Files.delete(folder.resolve(ModelFolder.WEIGHTS));
        assertThatExceptionOfType(NoSuchFileException.class)
                .isThrownBy(() -> ModelFolder.read(folder))
                .withMessageContaining("model.safetensors");
    }

    @Test
    void weightsOfAnotherModelAreRefusedByFileAndTensor() throws IOException {
        ModelFolder.write(folder, MODEL, parameters, Map.of());
        var other = Presets.named(Presets.COMMISSURE_SMALL, new float[][] {{1, 2, 3}, {4, 5, 6.5f}}, 40, 10);
        ConfigurationFile.of(other).write(folder.resolve(ModelFolder.CONFIGURATION));
        assertThatExceptionOfType(MalformedSafetensorsException.class)
                .isThrownBy(() -> ModelFolder.read(folder))
                .withMessageContaining("model.safetensors holds vit.embeddings.signal_embedding_projection.weight");
        assertThatIllegalArgumentException().isThrownBy(() -> ModelFolder.write(folder, MODEL, new float[3], Map.of()));
    }
}
