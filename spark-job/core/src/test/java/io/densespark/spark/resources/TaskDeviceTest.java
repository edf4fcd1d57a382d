package io.densespark.spark.resources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.densespark.model.tensor.Device;
import io.densespark.spark.JobException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TaskDeviceTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "- | 0 | 0",
                "- | 3 | 3",
                "'' | 3 | 3",
                "4,7 | 4 | 0",
                "4,7 | 7 | 1",
                "GPU-a, GPU-b | GPU-b | 1",
                "MIG-a | MIG-a | 0",
            })
    void cudaCountsTheDevicesThatItShowsTheProcess(String visible, String address, int ordinal) {
        assertThat(TaskDevice.of(address, GpuTable.of(visible))).isEqualTo(Device.cuda(ordinal));
    }

    @Test
    void anAddressThatCudaDoesNotShowIsRefused() {
        assertThatThrownBy(() -> TaskDevice.of("0", GpuTable.of("4,7")))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("'0'")
                .hasMessageContaining("CUDA_VISIBLE_DEVICES is 4,7")
                .hasMessageContaining("discovery script");
    }

    /** CUDA has to be told before it starts; a second instance would come too late. */
    @Test
    void aMigInstanceIsTheOnlyDeviceOfItsProcess() {
        GpuTable all = GpuTable.of(null);
        assertThat(TaskDevice.of("MIG-a", all)).isEqualTo(Device.cuda(0));
        assertThat(TaskDevice.of("MIG-a", all)).isEqualTo(Device.cuda(0));
        assertThatThrownBy(() -> TaskDevice.of("MIG-b", all))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("MIG-b")
                .hasMessageContaining("MIG-a")
                .hasMessageContaining("spark.executor.resource.gpu.amount=1");
    }
}
