namespace OrleansRooms.Membership.Tests.Routes;

// What a step does.
internal sealed partial class RouteWorld
{
    public void Take(RouteStep step, int which, int number)
    {
        var node = _nodes[which];
        switch (step)
        {
            case RouteStep.Join when !node.StandsStill:
                node.Join(number % 2);
                break;
            case RouteStep.Leave when !node.StandsStill:
                node.Leave(number % 2);
                break;
            case RouteStep.Tell when !node.StandsStill:
                Tell(node);
                break;
            case RouteStep.GiveUpTelling when !node.StandsStill:
                node.GiveUpTelling();
                break;
            case RouteStep.Ask when !node.StandsStill:
                Ask(node);
                break;
            case RouteStep.SomethingArrives when _underWay.Count > 0:
                Arrive(number % _underWay.Count);
                break;
            case RouteStep.OldestArrives when _underWay.Count > 0:
                Arrive(0);
                break;
            case RouteStep.TimePasses:
                PassTime();
                break;
            case RouteStep.StandStill:
                node.StandsStill = true;
                break;
            case RouteStep.GoOn:
                node.StandsStill = false;
                break;
            case RouteStep.Hear when !node.StandsStill:
                node.Hear(_directory.View);
                break;
            case RouteStep.Confirm when !node.StandsStill:
                Beat(node);
                break;
            case RouteStep.OwnerIsLost:
                // What it was told or is about to be told is lost with it, whether or not somebody reports it.
                _isLossNews |= !_owner.Members.IsEmpty || _owner.Holders.IsAnyHeld;
                _owner = NewOwner();
                break;
            case RouteStep.OwnerReads when _owner.Generation is null:
                if (_isLossNews) _directory.RaiseGeneration();
                _isLossNews = false;
                _owner.Generation = _directory.Generation;
                _owner.View = _directory.View;
                break;
            case RouteStep.OwnerHears:
                HearOwner();
                break;
            case RouteStep.DirectoryIsLost:
                _time.Advance(TimeSpan.FromMilliseconds(1));
                _directory = NewDirectory();
                Listen();
                break;
            case RouteStep.TellToTheEnd:
                Take(RouteStep.Tell, which, 0);
                Take(RouteStep.EverythingArrives, 0, 0);
                break;
            case RouteStep.TellPastTheRest:
                var before = _underWay.Count;
                Take(RouteStep.Tell, which, 0);
                for (var i = 0; i < 20 && _underWay.Count > before; i++) Arrive(_underWay.Count - 1);
                break;
            case RouteStep.TellAndHearTheAnswer or RouteStep.TellAndMissTheAnswer:
                var count = _underWay.Count;
                Take(RouteStep.Tell, which, 0);
                if (_underWay.Count == count) break;
                Arrive(_underWay.Count - 1);
                if (step == RouteStep.TellAndHearTheAnswer) Arrive(_underWay.Count - 1);
                else Take(RouteStep.GiveUpTelling, which, 0);
                break;
            case RouteStep.TwoJoinOneAfterTheOther:
                for (var i = 0; i < 2; i++)
                {
                    Take(RouteStep.Join, which, i);
                    Take(RouteStep.TellAndHearTheAnswer, which, 0);
                }

                break;
            case RouteStep.JoinPastAnAnswer:
                Take(RouteStep.AskAndWaitForTheAnswer, (which + 1) % _nodes.Length, 0);
                Take(RouteStep.Join, which, number);
                Take(RouteStep.TellPastTheRest, which, 0);
                Take(RouteStep.EverythingArrives, 0, 0);
                break;
            case RouteStep.LastLeavesAndOwnerIsLost:
                for (var i = 0; i < _nodes.Length; i++)
                {
                    Take(RouteStep.Leave, i, 0);
                    Take(RouteStep.Leave, i, 1);
                    Take(RouteStep.TellAndHearTheAnswer, i, 0);
                }

                Take(RouteStep.OwnerIsLost, 0, 0);
                Take(RouteStep.OwnerReads, 0, 0);
                Take(RouteStep.Join, which, number);
                Take(RouteStep.TellAndHearTheAnswer, which, 0);
                break;
            case RouteStep.AskAndWaitForTheAnswer when !node.IsAsking && !node.StandsStill:
                Take(RouteStep.Ask, which, 0);
                Arrive(_underWay.Count - 1);
                break;
            case RouteStep.AWhilePasses:
                for (var i = 0; i < 9; i++) PassTime();
                break;
            case RouteStep.AskToTheEnd:
                Take(RouteStep.Ask, which, 0);
                Take(RouteStep.EverythingArrives, 0, 0);
                break;
            case RouteStep.EverythingArrives:
                for (var i = 0; i < 20 && _underWay.Count > 0; i++) Arrive(0);
                break;
            case RouteStep.BecomeSteady:
                for (var i = 0; i < 3; i++)
                {
                    foreach (var asker in _nodes) Take(RouteStep.AskToTheEnd, Array.IndexOf(_nodes, asker), 0);
                    PassTime();
                }

                break;
            case RouteStep.EverybodySettles:
                Take(RouteStep.OwnerReads, 0, 0);
                for (var i = 0; i < _nodes.Length; i++)
                {
                    Take(RouteStep.Hear, i, 0);
                    Take(RouteStep.TellToTheEnd, i, 0);
                    Take(RouteStep.TellToTheEnd, i, 0);
                    Take(RouteStep.Confirm, i, 0);
                }

                Take(RouteStep.OwnerHears, 0, 0);
                break;
            default:
                break;
        }
    }
}
