using Microsoft.ML.OnnxRuntime;
using TensorElementType = Microsoft.ML.OnnxRuntime.Tensors.TensorElementType;

namespace OnnxViz.Runtime;

/// <summary>Tensors in and out of ONNX Runtime's memory.</summary>
internal static class OrtTensors
{
    /// <summary>A value in host memory holding a copy of the elements.</summary>
    public static OrtValue ToOrtValue(Tensor tensor)
    {
        var value = Empty(tensor.Type, tensor.Dims);
        if (tensor.Count > 0) tensor.ReadOnce().CopyTo(value.GetTensorMutableRawData());
        return value;
    }

    /// <summary>A value in host memory with undefined contents.</summary>
    public static OrtValue Empty(ElementType type, long[] dims)
    {
        OrtLibrary.Start();
        return OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, (TensorElementType)(int)type, dims);
    }

    /// <param name="value">A tensor in host memory.</param>
    public static Tensor ToTensor(OrtValue value)
    {
        var info = value.GetTensorTypeAndShape();
        var bytes = info.ElementCount == 0 ? [] : value.GetTensorMutableRawData().ToArray();
        return new Tensor((ElementType)(int)info.ElementDataType, info.Shape, () => bytes);
    }
}
