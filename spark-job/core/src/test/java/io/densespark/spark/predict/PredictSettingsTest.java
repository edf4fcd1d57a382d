package io.densespark.spark.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.densespark.spark.JobException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PredictSettingsTest {
    @Test
    void theDefaultsAreSparksNamesBatchesOf32AndFailureAtABadImage() {
        assertThat(PredictSettings.of("image"))
                .isEqualTo(new PredictSettings(
                        "image",
                        Optional.empty(),
                        new OutputColumns("", "rawPrediction", "probability", "prediction"),
                        32,
                        OnBadImage.FAIL,
                        List.of()));
    }

    @Test
    void wrongSettingsAreNamed() {
        PredictSettings settings = PredictSettings.of("image");
        assertThatThrownBy(() -> PredictSettings.of(""))
                .isInstanceOf(JobException.class)
                .hasMessageStartingWith("the name of the images' column (imageCol) is empty");
        assertThatThrownBy(() -> settings.withInferBatchSize(0)).hasMessageStartingWith("setting inferBatchSize is 0");
        for (List<Double> thresholds : List.of(
                List.of(0.5, -0.1),
                List.of(0.0, 0.0),
                List.of(Double.NaN, 1.0),
                List.of(Double.POSITIVE_INFINITY, 1.0))) {
            assertThatThrownBy(() -> settings.withThresholds(thresholds))
                    .hasMessageStartingWith("setting thresholds is " + thresholds);
        }
        assertThatThrownBy(() -> new OutputColumns("", "", "", ""))
                .hasMessageStartingWith("a prediction has no output");
        assertThatThrownBy(() -> new OutputColumns("", "p", "p", "")).hasMessageContaining("same name: [p, p]");
        assertThatThrownBy(() -> OnBadImage.of("onBadImage", "skip"))
                .hasMessage("setting onBadImage is 'skip': give one of [fail, null, drop]");
        assertThat(OnBadImage.of("onBadImage", "Drop")).isEqualTo(OnBadImage.DROP);
    }
}
