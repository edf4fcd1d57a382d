package io.densespark.model.cuda;

import io.densespark.model.kernels.Backend;
import io.densespark.model.kernels.Kernels;
import io.densespark.model.kernels.Precision;
import io.densespark.model.tensor.Device;
import io.densespark.model.tensor.ElementType;
import io.densespark.model.tensor.Storage;
import org.bytedeco.cuda.global.cudart;

/** One GPU, its stream, and the libraries on it. */
final class CudaBackend implements Backend {
    private final Device device;
    private final Stream stream;
    private final Upload upload;
    private final PassModule module;
    private final Launcher launcher;
    private final Scratch parts;
    private final Products products;
    private final Convolutions convolutions;

    private CudaBackend(Device device, Precision precision) {
        this.device = device;
        stream = new Stream();
        upload = new Upload(device, stream);
        module = new PassModule();
        launcher = new Launcher(module, stream);
        parts = new Scratch(device, stream);
        products = new Products(device, stream, precision);
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
                launcher,
                parts,
                products,
                convolutions,
                batch -> new CrossEntropyPass(device, launcher, stream, upload, batch));
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
        parts.close();
        launcher.close();
        module.close();
        upload.close();
        stream.close();
    }
}
