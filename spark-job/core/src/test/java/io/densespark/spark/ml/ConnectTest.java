package io.densespark.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Modifier;
import java.util.ServiceLoader;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.Transformer;
import org.junit.jupiter.api.Test;

/** What the server of Spark Connect looks for in a stage: it finds the class as a service, and makes and reads it by reflection. */
class ConnectTest {
    @Test
    void theServerFindsMakesAndReadsTheStages() throws Exception {
        assertThat(ServiceLoader.load(Estimator.class).stream().map(ServiceLoader.Provider::type))
                .anyMatch(DenseNetClassifier.class::equals);
        assertThat(ServiceLoader.load(Transformer.class).stream().map(ServiceLoader.Provider::type))
                .anyMatch(DenseNetModel.class::equals);
        assertThat(DenseNetClassifier.class
                        .getConstructor(String.class)
                        .newInstance("a uid")
                        .uid())
                .isEqualTo("a uid");
        for (Class<?> stage : new Class<?>[] {DenseNetClassifier.class, DenseNetModel.class}) {
            assertThat(Modifier.isStatic(stage.getMethod("read").getModifiers()))
                    .isTrue();
            assertThat(Modifier.isStatic(stage.getMethod("load", String.class).getModifiers()))
                    .isTrue();
        }
    }
}
