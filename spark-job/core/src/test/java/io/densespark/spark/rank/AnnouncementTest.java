package io.densespark.spark.rank;

import static org.assertj.core.api.Assertions.assertThat;

import io.densespark.model.tensor.Device;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnnouncementTest {
    private static final Announcement SERVER = Announcement.ready(Device.cuda(0), "10.0.0.1", "10.0.0.1:4711/key");
    private static final Announcement GPU = Announcement.ready(Device.cuda(1), "fd00::2", "");
    private static final Announcement CPU = Announcement.ready(Device.CPU, "", "");

    @Test
    void ranksSumOnGpusOrInMainMemoryAndNotBetweenTheTwo() {
        assertThat(Announcement.mixedDevices(List.of(SERVER, GPU))).isEmpty();
        assertThat(Announcement.mixedDevices(List.of(CPU, CPU))).isEmpty();
        assertThat(Announcement.mixedDevices(List.of(SERVER, CPU, GPU))).hasValueSatisfying(why -> assertThat(why)
                .startsWith("2 of 3 replicas have a GPU, and the others train on CPU: ")
                .contains("spark.task.resource.gpu.amount=1"));
    }

    @Test
    void addressesAndTheFirstFailureAreReadFromTheTextsThatSparkCarried() {
        Announcement failed = Announcement.failed("the shard train-0 is damaged: prepare it again");
        List<Announcement> all = Announcement.all(new String[] {SERVER.text(), GPU.text(), failed.text()});

        assertThat(all.get(0).rendezvous()).isEqualTo("10.0.0.1:4711/key");
        assertThat(all).first().returns("10.0.0.1", Announcement::address);
        assertThat(all.get(1)).returns("fd00::2", Announcement::address).returns("", Announcement::rendezvous);
        assertThat(CPU).returns("", Announcement::address).returns("", Announcement::rendezvous);
        assertThat(Announcement.firstFailure(all)).hasValue(2);
        assertThat(all.get(2).reason()).isEqualTo("the shard train-0 is damaged: prepare it again");
        assertThat(Announcement.firstFailure(all.subList(0, 2))).isEmpty();
    }
}
