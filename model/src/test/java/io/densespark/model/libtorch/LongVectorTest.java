package io.densespark.model.libtorch;

import static org.assertj.core.api.Assertions.assertThat;

import io.densespark.model.tensor.ElementType;
import io.densespark.model.tensor.Storage;
import io.densespark.model.tensor.Vector;
import org.junit.jupiter.api.Test;

/** Vectors that are written part by part. */
class LongVectorTest {
    @Test
    void eachElementComesWhereItBelongsAndNoOther() {
        int length = 2 * Vector.PART + 5;
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = i;
        }
        try (Storage storage = LibTorch.open().allocate(ElementType.FLOAT, length + 2)) {
            new Vector(storage, 1, length).set(values);

            assertThat(new Vector(storage, 1, length).toFloats()).isEqualTo(values);
            float[] all = new Vector(storage, 0, length + 2).toFloats();
            assertThat(all[0]).isZero();
            assertThat(all[length + 1]).isZero();
        }
    }
}
