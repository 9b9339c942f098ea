package org.commissure.models.training;

import java.util.Locale;
import org.commissure.models.brainlm.ModelConfiguration;
import org.commissure.models.brainlm.VitMaeConfiguration;
import org.commissure.models.brainlm.VitMaeConfiguration.Mode;

/** What masking must heed of a model that sees windows as images. */
final class Images {
    private Images() {}

    /** Whether the model's configuration says what is hidden: the last frames. */
    static boolean hideLastFrames(ModelConfiguration configuration) {
        return configuration instanceof VitMaeConfiguration image && image.mode() != Mode.AUTO_ENCODE;
    }

    /** @param wanted what somebody wants to hide */
    static void requireFree(VitMaeConfiguration image, String wanted) {
        if (hideLastFrames(image)) {
            throw new IllegalArgumentException("the model's train_mode "
                    + image.mode().name().toLowerCase(Locale.ROOT) + " hides the last "
                    + (int) (image.maskRatio() * image.windowFrames()) + " frames; it cannot hide " + wanted);
        }
    }

    static void requireWhole(VitMaeConfiguration image, int presentFrames) {
        if (presentFrames < image.windowFrames()) {
            throw new IllegalArgumentException("a scan of " + presentFrames + " frames cannot be padded: a "
                    + image.preset() + " model sees whole images of " + image.windowFrames() + " frames");
        }
    }
}
