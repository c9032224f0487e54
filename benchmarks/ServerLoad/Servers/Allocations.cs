using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace OrleansRooms.ServerLoad.Servers;

/// <summary>What this process has allocated.</summary>
internal static class Allocations
{
    public static IResult Total() => Results.Text(GC.GetTotalAllocatedBytes(precise: true).ToString(CultureInfo.InvariantCulture));
}
