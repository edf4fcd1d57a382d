package io.densespark.model.cuda;

import io.densespark.model.kernels.Backend;
import io.densespark.model.kernels.Kernels;
import io.densespark.model.tensor.Device;
import io.densespark.model.tensor.ElementType;
import io.densespark.model.tensor.Precision;
import io.densespark.model.tensor.Storage;
import java.util.Optional;
import org.bytedeco.cuda.global.cudart;

/** One GPU, its stream, and the libraries on it. */
final class CudaBackend implements Backend {
    private final Device device;
    private final Stream stream;
    private final Upload upload;
    private final Download download;
    private final TimedEvents times;
    private final TakenDropouts dropouts;
    private final PassModule module;
    private final Launcher launcher;
    private final Scratch parts;
    private final Optional<RoundedWeights> weights;
    private final Products products;
    private final Convolutions convolutions;

    private CudaBackend(Device device, Precision precision) {
        this.device = device;
        stream = new Stream();
        module = new PassModule();
        launcher = new Launcher(module, stream);
        upload = new Upload(device, launcher, stream);
        download = new Download(stream);
        times = new TimedEvents(stream);
        dropouts = new TakenDropouts(device, stream, upload);
        parts = new Scratch(device, stream);
        weights = precision == Precision.BF16
                ? Optional.of(new RoundedWeights(device, launcher, stream))
                : Optional.empty();
        products = new Products(device, stream, precision, weights);
        convolutions = new Convolutions(device, launcher, stream, upload, products, precision);
    }

    static CudaBackend open(Device device, Precision precision) {
        enter(device);
        return new CudaBackend(device, precision);
    }

    private static void enter(Device device) {
        Status.cuda(cudart.cudaSetDevice(device.index()), "choosing " + device);
    }

    @Override
    public Device device() {
        return device;
    }

    @Override
    public Kernels kernels() {
        return new CudaKernels(
                stream,
                download,
                times,
                dropouts,
                launcher,
                parts,
                products,
                convolutions,
                weights,
                batch -> new CrossEntropyPass(device, launcher, stream, upload, download, batch));
    }

    /** On which all passes run. */
    Stream stream() {
        return stream;
    }

    @Override
    public void enterThread() {
        enter(device);
    }

    @Override
    public Storage allocate(ElementType type, long elements) {
        DeviceMemory memory = DeviceMemory.allocate(device, elements * type.bytes());
        stream.zero(memory.address(), memory.bytes());
        return DeviceStorage.of(type, elements, memory, stream, upload);
    }

    @Override
    public void close() {
        stream.await();
        convolutions.close();
        products.close();
        weights.ifPresent(RoundedWeights::close);
        parts.close();
        dropouts.close();
        upload.close();
        download.close();
        times.close();
        launcher.close();
        module.close();
        stream.close();
    }
}
