using System.Numerics;

namespace OnnxViz.Graphs.Folding;

/// <summary>An element-wise function of two numbers of one type.</summary>
internal interface IPair
{
    static abstract T Of<T>(T a, T b) where T : unmanaged, INumber<T>;
}

/// <summary>An element-wise test of two numbers of one type.</summary>
internal interface ITest
{
    static abstract bool Of<T>(T a, T b) where T : unmanaged, INumber<T>;
}

/// <summary>Computes functions of two tensors that are broadcast against each other; results are row-major.</summary>
internal static class Broadcasting
{
    public static byte[] Combine<T, TPair>(byte[] a, long[] aDims, byte[] b, long[] bDims, long[] dims)
        where T : unmanaged, INumber<T>
        where TPair : struct, IPair
    {
        var x = Fold.As<T>(a);
        var y = Fold.As<T>(b);
        var z = new T[Shapes.Count(dims)];
        var rows = new Rows(aDims, bDims, dims);
        for (var to = 0; rows.Next(out var i, out var j); to += rows.Length)
        {
            var row = z.AsSpan(to, rows.Length);
            for (var k = 0; k < row.Length; k++, i += rows.StepA, j += rows.StepB) row[k] = TPair.Of(x[i], y[j]);
        }

        return Fold.ToBytes(z);
    }

    public static byte[] Test<T, TTest>(byte[] a, long[] aDims, byte[] b, long[] bDims, long[] dims)
        where T : unmanaged, INumber<T>
        where TTest : struct, ITest
    {
        var x = Fold.As<T>(a);
        var y = Fold.As<T>(b);
        var z = new byte[Shapes.Count(dims)];
        var rows = new Rows(aDims, bDims, dims);
        for (var to = 0; rows.Next(out var i, out var j); to += rows.Length)
        {
            for (var k = 0; k < rows.Length; k++, i += rows.StepA, j += rows.StepB) z[to + k] = TTest.Of(x[i], y[j]) ? (byte)1 : (byte)0;
        }

        return z;
    }

    /// <summary>The rows of the result and where in both sources each of them starts.</summary>
    private sealed class Rows
    {
        private readonly long[] _dims, _a, _b, _index;
        private long _atA, _atB, _left;

        public Rows(long[] aDims, long[] bDims, long[] dims)
        {
            // Equal shapes, and scalars with whatever they meet, are one long row.
            var count = Shapes.Count(dims);
            var isFlat = (Shapes.Count(aDims) == count || Shapes.Count(aDims) == 1) && (Shapes.Count(bDims) == count || Shapes.Count(bDims) == 1);
            _dims = isFlat ? [count] : dims;
            _a = isFlat ? [Shapes.Count(aDims) == 1 ? 0 : 1] : Fold.BroadcastStrides(aDims, dims.Length);
            _b = isFlat ? [Shapes.Count(bDims) == 1 ? 0 : 1] : Fold.BroadcastStrides(bDims, dims.Length);
            _index = new long[_dims.Length];
            Length = (int)_dims[^1];
            (StepA, StepB) = ((int)_a[^1], (int)_b[^1]);
            _left = count == 0 ? 0 : count / Length;
        }

        public int Length { get; }

        public int StepA { get; }

        public int StepB { get; }

        public bool Next(out int a, out int b)
        {
            (a, b) = ((int)_atA, (int)_atB);
            for (var axis = _dims.Length - 2; axis >= 0; axis--)
            {
                _atA += _a[axis];
                _atB += _b[axis];
                if (++_index[axis] < _dims[axis]) break;
                _atA -= _a[axis] * _dims[axis];
                _atB -= _b[axis] * _dims[axis];
                _index[axis] = 0;
            }

            return _left-- > 0;
        }
    }
}
